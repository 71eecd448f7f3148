using Microsoft.Extensions.Options;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Places, cancels and refunds orders: puts the rule to the ticket's order book, and checks what spans several books.
/// </summary>
public sealed class OrderService(AggregateStore<Book> books, HeldTickets heldTickets, OtherApps others,
    Purchases purchases, OrderFinder orders, IOptions<OrderOptions> options, ILogger<OrderService> log, TimeProvider clock)
{
    public static readonly Refusal TooMany =
        new(409, "too-many-orders", "You hold as many unpaid tickets as one may hold at a time.");

    /// <returns>The order that the buyer holds now; changed if it is new.</returns>
    /// <exception cref="TryAgainException">The store or, for an unknown ticket, tickets does not answer.</exception>
    public async Task<Decision<Order>> Place(UserId buyer, TicketId ticket, SeenTerms? seen, CancellationToken ct)
    {
        if (heldTickets.Refuse(ticket, buyer) is { } taken)
            return taken;
        // Only the cached list is used here: most of a crowd is refused, and a refusal must cost no read. A buyer who may
        // hold the wanted ticket already gets the answer from its book.
        var held = purchases.Recall(buyer)?.MayHold(clock.GetUtcNow()).ToList() ?? [];
        if (held.All(id => id.TicketId != ticket) && await AreTooMany(held, ct))
            return TooManyHeld;
        var decision = await TryPlace(buyer, ticket, seen, ct);
        if (await LearnedMore(decision.Refusal, ticket, ct))
            decision = await TryPlace(buyer, ticket, seen, ct);
        if (decision.State is { } book)
            heldTickets.Apply(book);
        if (decision.Refusal is { } refusal)
            return refusal;
        var order = decision.State!.Current!;
        if (!decision.Changed)
            return order;
        if (await IsOneTooMany(order, ct))
        {
            await books.Update(ticket, book => book.Cancel(order.Id, buyer, clock.GetUtcNow()), ct);
            return TooManyHeld;
        }
        return Decision.Changed(order);
    }

    /// <returns>Null: the buyer does not hold the ticket any more.</returns>
    public Task<Refusal?> Cancel(OrderId id, UserId buyer, CancellationToken ct) =>
        Decide(id, (book, now) => book.Cancel(id, buyer, now), order => order.Cancel(buyer), ct);

    /// <returns>Null: the money is on its way back, or there already.</returns>
    public Task<Refusal?> Refund(OrderId id, UserId seller, bool relist, CancellationToken ct) =>
        Decide(id, (book, now) => book.Refund(id, seller, now, relist), order => order.Refund(seller, relist), ct);

    /// <returns>Null: the seller can read it.</returns>
    public Task<Refusal?> AskRefund(OrderId id, UserId buyer, string reason, CancellationToken ct) =>
        Decide(id, (book, now) => book.AskRefund(id, buyer, reason, now),
            order => order.AskRefund(buyer, reason, clock.GetUtcNow()), ct);

    // An archived order is over: the rule answers as for any such order, and changes nothing.
    async Task<Refusal?> Decide(OrderId id, Func<Book, DateTimeOffset, Decision<Book>> inBook,
        Func<Order, Decision<Order>> inArchive, CancellationToken ct)
    {
        var decision = await books.Update(id.TicketId, book => inBook(book, clock.GetUtcNow()), ct);
        return decision.Refusal == Order.NotFound && await orders.Find(id, ct) is { } archived
            ? inArchive(archived).Refusal
            : decision.Refusal;
    }

    Task<Decision<Book>> TryPlace(UserId buyer, TicketId ticket, SeenTerms? seen, CancellationToken ct) =>
        books.Update(ticket, book => book.Place(buyer, seen, options.Value.Hold, clock.GetUtcNow()), ct);

    // The event of a ticket listed a moment ago may still be on its way: tickets is asked once. So may that of new
    // terms that the buyer has seen already; but if tickets cannot be asked then, the refusal stands.
    async Task<bool> LearnedMore(Refusal? refusal, TicketId ticket, CancellationToken ct)
    {
        if (refusal == Book.UnknownTicket)
            return await AskTickets(ticket, ct);
        if (refusal?.Code != Book.TermsChanged.Code && refusal?.Code != Book.ShowBegun.Code)
            return false;
        try
        {
            return await AskTickets(ticket, ct);
        }
        catch (TryAgainException)
        {
            return false;
        }
    }

    Refusal TooManyHeld => TooMany.With("max", options.Value.HeldMax);

    // The answer is applied like the event.
    async Task<bool> AskTickets(TicketId ticket, CancellationToken ct)
    {
        var known = await others.Get("tickets", $"internal/tickets/{ticket}", ContractsJson.Default.TicketSnapshot, ct);
        if (known is not null)
            await books.Update(ticket, book => book.Apply(known, clock.GetUtcNow()), ct);
        return known is not null;
    }

    // The list is written with ETags: of two orders placed at once, here or elsewhere, one sees the other.
    async Task<bool> IsOneTooMany(Order order, CancellationToken ct)
    {
        try
        {
            var list = await purchases.Add(order.Buyer, Purchase.Of(order), ct);
            return await AreTooMany([.. list.MayHold(clock.GetUtcNow()).Where(id => id != order.Id)], ct);
        }
        catch (Exception e) when (e is SidecarException or TryAgainException)
        {
            // The order is placed all the same, and its event lists it later.
            log.NotListed(e, order.Id);
            return false;
        }
    }

    // Only if the list is long enough to hold too many are the orders themselves read.
    async Task<bool> AreTooMany(List<OrderId> mayHold, CancellationToken ct)
    {
        var max = options.Value.HeldMax;
        if (mayHold.Count < max)
            return false;
        var now = clock.GetUtcNow();
        return (await orders.Find(mayHold, skipDamaged: true, ct)).Count(order => order.IsLive && now < order.ExpiresAt) >= max;
    }
}
