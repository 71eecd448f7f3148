using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>Events that can change nothing are acknowledged without a load, unless their sender waits.</summary>
public sealed class OldEventTests : IAsyncLifetime
{
    OrdersHost orders = null!;

    public async ValueTask InitializeAsync()
    {
        orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
    }

    public ValueTask DisposeAsync() => orders.DisposeAsync();

    async Task<(string Outcome, int Calls)> Cost(Event message)
    {
        var calls = 0;
        orders.Sidecar.Script = call =>
        {
            calls += call.Key.StartsWith("book:", StringComparison.Ordinal) ? 1 : 0;
            return Testing.Accident.None;
        };
        return (await orders.Deliver(message), calls);
    }

    [Fact]
    public async Task A_ticket_that_is_not_newer()
    {
        var (listed, locked) = (Ticket(), Ticket().Locked(First, LockState.Granted));
        Assert.Equal(("stale", 0), await Cost(Event.Of(TicketEvents.Locked, locked)));
        Assert.Equal(("stale", 0), await Cost(Event.Of(TicketEvents.Listed, listed)));
        Assert.Equal(("answered", 1), await Cost(Event.Of(TicketEvents.Locked, locked with { Again = true })));
        Assert.Equal("applied", (await Cost(Event.Of(TicketEvents.Edited, Ticket(version: 3)))).Outcome);
    }

    [Fact]
    public async Task A_payment_that_changes_no_order_or_was_applied()
    {
        // As the build before announces it.
        Assert.Equal(("stale", 0), await Cost(Event.Of(PaymentEvents.Opened, Payment(PaymentStatus.Opened))));
        Assert.Equal("applied",
            (await Cost(Event.Of(PaymentEvents.Authorized, Payment(PaymentStatus.Authorized, version: 2)))).Outcome);
        Assert.Equal(("stale", 0),
            await Cost(Event.Of(PaymentEvents.Authorized, Payment(PaymentStatus.Authorized, version: 2))));
        Assert.Equal(("stale", 0),
            await Cost(Event.Of(PaymentEvents.Captured, Payment(PaymentStatus.Captured, version: 3))));
        Assert.Equal(("answered", 1), await Cost(
            Event.Of(PaymentEvents.Captured, Payment(PaymentStatus.Captured, version: 3) with { Again = true })));
    }

    [Fact]
    public async Task A_listing_whose_book_exists_is_applied_to_it()
    {
        await using var other = await OrdersHost.Start(orders.Service.Store);   // remembers nothing
        Assert.Equal("stale", await other.Deliver(Ticket()));
        Assert.Equal(First, (await other.Get(Ann, First))!.Id);
    }
}
