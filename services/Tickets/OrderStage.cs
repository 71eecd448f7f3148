using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// How far a ticket's orders have come, as far as the ticket distinguishes it. A ticket at some stage is not changed by an
/// order at the same or an earlier one.
/// </summary>
/// <param name="Stage">Of this order: 0 live, 1 complete, 2 over.</param>
public readonly record struct OrderStage(int Seq, int Stage) : IComparable<OrderStage>
{
    public static OrderStage Of(OrderSnapshot order) => new(order.Id.Seq, order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment => 0,
        OrderStatus.Complete or OrderStatus.Refunding => 1,
        _ => 2,
    });

    /// <summary>Null while no order has asked for the ticket.</summary>
    public static OrderStage? Of(Ticket ticket) => ticket.Lock is { } newest
        ? new(newest.Seq, newest.State is LockState.Ended ? 2 : ticket.SoldTo == newest.OrderId ? 1 : 0)
        : null;

    public int CompareTo(OrderStage other) => (Seq, Stage).CompareTo((other.Seq, other.Stage));

    public static bool operator <(OrderStage a, OrderStage b) => a.CompareTo(b) < 0;
    public static bool operator >(OrderStage a, OrderStage b) => a.CompareTo(b) > 0;
    public static bool operator <=(OrderStage a, OrderStage b) => a.CompareTo(b) <= 0;
    public static bool operator >=(OrderStage a, OrderStage b) => a.CompareTo(b) >= 0;
}
