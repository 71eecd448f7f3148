using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Common;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public sealed class OrderMetricsTests : IDisposable
{
    readonly List<string> counted = [];
    readonly MeterListener listener = new();
    readonly OrderMetrics metrics = new(NullLogger<OrderMetrics>.Instance);

    public OrderMetricsTests()
    {
        // Other tests of this process count on other threads.
        var thread = Environment.CurrentManagedThreadId;
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter == Telemetry.Meter)
                to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();

        void Note(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId != thread)
                return;
            var labels = string.Join(" ", tags.ToArray().Where(tag => tag.Value is not null).Select(tag => tag.Value));
            counted.Add($"{instrument.Name} {labels} {value}");
        }
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public void Every_change_is_counted_once_also_two_in_one_write()
    {
        metrics.Apply(Open());
        var held = In(OrderStatus.AwaitingPayment);
        metrics.Apply(held);
        metrics.Apply(Do(held, book => book.Apply(Ticket(version: 9, price: 1), Now)));
        metrics.Apply(Do(held, book => book.Place(Ben, null, Hold, Now + Hold + TimeSpan.FromSeconds(2))));
        Assert.Equal(
            [
                "ticketing_orders_total order.awaiting-payment 1",
                "ticketing_orders_total order.cancelled Expired 1",
                "ticketing_hold_lateness_seconds  2",
                "ticketing_orders_total order.created 1",
            ],
            counted);
    }

    [Fact]
    public void A_book_with_two_holders_is_reported()
    {
        var held = In(OrderStatus.AwaitingPayment);
        var second = held.Current! with { Id = Second };
        metrics.Apply(held with { Orders = held.Orders.Add(second) });
        Assert.Contains("ticketing_invariant_violations_total one-holder 1", counted);
    }
}
