using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Refuses without reading the store while a ticket is known to be held: most of a crowd is answered so. It never
/// grants, and forgets after a second: a ticket that became free on another replica is not refused for longer.
/// </summary>
public sealed class HeldTickets(TimeProvider clock) : IProjection<Book>
{
    const int RememberedMax = 20_000;
    static readonly TimeSpan Trust = TimeSpan.FromSeconds(1);

    readonly record struct Newest(OrderSnapshot Order, long At);

    readonly BoundedCache<TicketId, Newest> newest = new(RememberedMax);

    public void Apply(Book saved)
    {
        if (saved.Current is { } current)
            Remember(saved.SnapshotOf(current));
    }

    /// <summary>Unless a newer snapshot is known.</summary>
    public void Remember(OrderSnapshot order) => newest.Set(order.TicketId, new(order, clock.GetTimestamp()),
        replaces: known => known.Order.BookVersion <= order.BookVersion);

    /// <summary>The refusal that the order book would give. Null when that is not known: load the book.</summary>
    public Refusal? Refuse(TicketId ticket, UserId buyer) =>
        newest.TryGet(ticket, out var hold) && clock.GetElapsedTime(hold.At) < Trust && hold.Order.Buyer != buyer
            ? Book.Taken(hold.Order.Status, hold.Order.ExpiresAt, clock.GetUtcNow())
            : null;
}
