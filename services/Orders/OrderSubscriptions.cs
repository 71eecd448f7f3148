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
        events.MapTopic(Topics.Orders, OnOrder);
        events.MapTopic(Topics.Orders, OnOrderEverywhere, DaprSidecar.Broadcast);
    }

    static async Task<Ack> OnTicket(
        CloudEvent<TicketSnapshot> message, AggregateStore<Book> books, OrderFinder orders, TimeProvider clock,
        CancellationToken ct)
    {
        var ticket = message.Data;
        var decision = await books.Update(ticket.Id, book => book.Apply(ticket, clock.GetUtcNow()), ct);
        return ticket is { Again: true, Lock: { } hold } && decision.State?.Find(hold.OrderId) is null
            ? await orders.AnswerFromArchive(hold.OrderId, ct)
            : Ack.Of(decision);
    }

    static async Task<Ack> OnPayment(
        CloudEvent<PaymentSnapshot> message, AggregateStore<Book> books, OrderFinder orders, TimeProvider clock,
        CancellationToken ct)
    {
        var payment = message.Data;
        var decision = await books.Update(payment.OrderId.TicketId, book => book.Apply(payment, clock.GetUtcNow()), ct);
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

    // Usually the list has the order already: it is written right after the order.
    static async Task<Ack> OnOrder(CloudEvent<OrderSnapshot> message, Purchases purchases, CancellationToken ct)
    {
        await purchases.Add(message.Data.Buyer, Purchase.Of(message.Data), ct);
        return Ack.Applied;
    }

    static Ack OnOrderEverywhere(CloudEvent<OrderSnapshot> message, HeldTickets heldTickets, OrderStreams streams)
    {
        heldTickets.Remember(message.Data);
        streams.Send(message.Data);
        return Ack.Applied;
    }
}
