using System.Diagnostics.Metrics;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Counts changes of orders and how late holds ended. Each change is counted once: by the replica that saved it.
/// </summary>
sealed class OrderMetrics(ILogger<OrderMetrics> log) : IProjection<Book>
{
    static readonly Counter<long> changes = Telemetry.Meter.CreateCounter<long>("ticketing_orders_total",
        description: "Changes of orders, by what they became.");
    static readonly Histogram<double> lateness = Telemetry.Meter.CreateHistogram<double>(
        "ticketing_hold_lateness_seconds", "s", "From a hold's deadline to its end, where nobody ended it before.");

    public void Apply(Book saved)
    {
        var isHeldOnce = saved.Orders.SkipLast(1).All(order => order.IsOver);
        Invariants.Check(isHeldOnce, "one-holder", $"book:{saved.TicketId}", log);
        // A save that only brought a newer copy of the ticket changed no order.
        if (saved.Current is not { } current || current.Version != saved.Version)
            return;
        var now = current.Timeline[^1].At;
        // A hold that ran out may have ended in the write that placed the next.
        foreach (var order in saved.Orders.TakeLast(2).Where(order => order.Timeline[^1].At == now))
            Count(order, now);
    }

    static void Count(Order order, DateTimeOffset now)
    {
        changes.Add(1, new KeyValuePair<string, object?>("event", OrderEvents.For(order.Status)),
            new KeyValuePair<string, object?>("reason", order.Reason?.ToString()));
        if (order.Reason is CancelReason.Expired)
            lateness.Record((now - order.ExpiresAt).TotalSeconds);
    }
}
