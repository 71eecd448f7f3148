using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// "Taken until …", as this replica last saw it: tells most of a crowd no without asking the store. It never says yes,
/// and it is believed for a second only: a ticket that came free elsewhere is not refused for longer than that.
/// </summary>
public sealed class Holds(TimeProvider clock) : IProjection<Book>
{
    const int RememberedMax = 20_000;
    static readonly TimeSpan Trust = TimeSpan.FromSeconds(1);

    readonly record struct Seen(OrderSnapshot Order, long At);

    readonly BoundedCache<TicketId, Seen> seen = new(RememberedMax);

    public void Apply(Book saved)
    {
        if (saved.Current is { } current)
            See(saved.SnapshotOf(current));
    }

    /// <summary>A late old snapshot is simply old.</summary>
    public void See(OrderSnapshot order) => seen.Set(order.TicketId, new(order, clock.GetTimestamp()),
        replaces: known => known.Order.BookVersion <= order.BookVersion);

    /// <summary>The refusal the book would give, or null: then the book must be asked.</summary>
    public Refusal? Refuse(TicketId ticket, UserId buyer) =>
        seen.TryGet(ticket, out var hold) && clock.GetElapsedTime(hold.At) < Trust && hold.Order.Buyer != buyer
            ? Book.Taken(hold.Order.Status, hold.Order.ExpiresAt, clock.GetUtcNow())
            : null;
}
