using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>Events come at least once and in any order; a snapshot that is not newer is ignored.</summary>
static class OrderSubscriptions
{
    public static void MapSubscriptions(this IEndpointRouteBuilder app)
    {
        var events = app.MapEvents();
        events.MapTopic(Topics.Tickets, OnTicket);
        events.MapTopic(Topics.Payments, OnPayment);
        events.MapTopic(Topics.Expirations, OnExpiration);
        events.MapBroadcast(Topics.Orders, OnOrderEverywhere, replica => replica.RecentOfOthers);
    }

    static async Task<Ack> OnTicket(
        CloudEvent<TicketSnapshot> message, AggregateStore<Book> books, NewestApplied<TicketId, long> newest,
        Purchases purchases, OrderFinder orders, TimeProvider clock, CancellationToken ct)
    {
        var ticket = message.Data;
        if (!ticket.Again && newest.Has(ticket.Id, ticket.Version))
            return Ack.Stale;
        Decision<Book> Apply(Book book) => book.Apply(ticket, clock.GetUtcNow());
        var decision = ticket is { Version: 1, Again: false }
            ? await books.Create(ticket.Id, Apply, ct)
            : await books.Update(ticket.Id, Apply, ct);
        var book = decision.State!;
        // The list of an order's buyer is written right after the order; here, if that failed. Every order waits for an
        // event of its ticket.
        foreach (var order in book.PlacedSince(clock.GetUtcNow() - Purchases.ListedWithin))
            await purchases.Add(order.Buyer, Purchase.Of(order), ct);
        newest.Note(ticket.Id, book.Ticket!.Version);
        return ticket is { Again: true, Lock: { } hold } && decision.State?.Find(hold.OrderId) is null
            ? await orders.AnswerFromArchive(hold.OrderId, ct)
            : Ack.Of(decision);
    }

    static async Task<Ack> OnPayment(
        CloudEvent<PaymentSnapshot> message, AggregateStore<Book> books, NewestApplied<OrderId, long> newest,
        OrderFinder orders, TimeProvider clock, CancellationToken ct)
    {
        var payment = message.Data;
        if (!payment.Again && (!Order.IsChangedBy(payment) || newest.Has(payment.OrderId, payment.Version)))
            return Ack.Stale;
        var decision = await books.Update(payment.OrderId.TicketId, book => book.Apply(payment, clock.GetUtcNow()), ct);
        newest.Note(payment.OrderId, payment.Version);
        return payment.Again && decision.State?.Find(payment.OrderId) is null
            ? await orders.AnswerFromArchive(payment.OrderId, ct)
            : Ack.Of(decision);
    }

    static async Task<Ack> OnExpiration(
        CloudEvent<ExpirationElapsed> message, AggregateStore<Book> books, OrderFinder orders, TimeProvider clock,
        CancellationToken ct)
    {
        var id = message.Data.OrderId;
        var decision = await books.Update(id.TicketId, book => book.Expire(id, clock.GetUtcNow()), ct);
        return decision.State?.Find(id) is null ? await orders.AnswerFromArchive(id, ct) : Ack.Of(decision);
    }

    static Ack OnOrderEverywhere(CloudEvent<OrderSnapshot> message, HeldTickets heldTickets, OrderStreams streams)
    {
        heldTickets.Remember(message.Data);
        streams.Send(message.Data);
        return Ack.Applied;
    }
}
