using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class ArchiveTests
{
    /// <summary>A ticket with so many orders that the first ones have left the book.</summary>
    static async Task<OrdersHost> FoughtOver(InMemoryStore? store = null)
    {
        var orders = await OrdersHost.Start(store, args: ["--RateLimits:Multiplier=10"]);
        await orders.Deliver(Ticket());
        for (var seq = 1; seq <= Book.OrdersKept + Book.MovedTogether; seq++)
        {
            await orders.Placed(Ann, Show);
            await orders.As(Ann).DeleteAsync($"/api/orders/{new OrderId(Show, seq)}");
        }
        await Eventually.Is(() => !InBook(orders).Any(order => order.Id == First));
        return orders;
    }

    static ImmutableArray<Order> InBook(OrdersHost orders) => JsonSerializer.Deserialize(
        orders.Service.Store.Get("book:show1")!.Value.Value.Span, OrdersJson.Default.DocumentBook)!.State!.Orders;

    [Fact]
    public async Task A_fought_over_ticket_keeps_a_small_book_and_every_order_is_found()
    {
        await using var orders = await FoughtOver();
        Assert.Equal(Book.OrdersKept, InBook(orders).Length);
        for (var seq = 1; seq <= Book.OrdersKept + Book.MovedTogether; seq++)
            Assert.Equal(OrderStatus.Cancelled, (await orders.Get(Ann, new(Show, seq)))!.Status);
        Assert.Null(await orders.Get(Ben, First));
        Assert.Equal(Book.OrdersKept + Book.MovedTogether, (await orders.List(Ann, "?limit=100")).Items.Count);
        var timeline = await orders.As(Ann).GetStringAsync($"/api/orders/{First}/timeline");
        Assert.Contains("gave it up", timeline, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archived_order_answers_like_any_that_is_over()
    {
        await using var orders = await FoughtOver();
        Assert.Equal(HttpStatusCode.NoContent, (await orders.As(Ann).DeleteAsync($"/api/orders/{First}")).StatusCode);
        await OrdersHost.Refused(await orders.As(Ben).DeleteAsync($"/api/orders/{First}"), 404, "order-not-found");
        var refund = await orders.As(Seller).PostAsync($"/api/orders/{First}/refund", null);
        await OrdersHost.Refused(refund, 409, "order-not-complete");
    }

    [Fact]
    public async Task Who_asks_about_an_archived_order_is_answered()
    {
        await using var orders = await FoughtOver();
        var before = orders.NewEvents.Count;

        Assert.Equal("stale", await orders.Deliver(Payment(PaymentStatus.Authorized)));
        Assert.Equal("answered", await orders.Deliver(Payment(PaymentStatus.Authorized) with { Again = true }));
        Assert.Equal("answered", await orders.Deliver(Event.Of(new ExpirationElapsed(First, Now))));
        var asking = Ticket(version: 9).Locked(First, LockState.Granted) with { Again = true };
        Assert.Equal("answered", await orders.Deliver(asking));

        // Answers are published beside the acknowledgements.
        await Eventually.Is(() => orders.NewEvents.Count - before >= 3);
        Assert.Equal(3, orders.NewEvents.Count - before);
        Assert.All(orders.NewEvents.Skip(before), message =>
        {
            var order = message.Data.Deserialize(ContractsJson.Default.OrderSnapshot)!;
            Assert.Equal((First, OrderStatus.Cancelled, false), (order.Id, order.Status, order.Again));
        });
    }

    [Fact]
    public async Task An_order_leaves_the_book_only_when_it_lies_in_the_archive()
    {
        await using var orders = await OrdersHost.Start(args: ["--RateLimits:Multiplier=10"]);
        await orders.Deliver(Ticket());
        orders.Sidecar.Script = call =>
            call is { Operation: Operation.Save, Key: "order:show1-3" } ? Accident.FailBefore : Accident.None;
        for (var seq = 1; seq <= Book.OrdersKept + Book.MovedTogether; seq++)
        {
            await orders.Placed(Ann, Show);
            await orders.As(Ann).DeleteAsync($"/api/orders/{new OrderId(Show, seq)}");
        }
        await Eventually.Is(() => orders.Service.Logs.All.Any(
            line => line.Contains("could not be archived", StringComparison.Ordinal)));
        Assert.Contains(InBook(orders), order => order.Id == First);

        orders.Sidecar.Script = _ => Accident.None;
        await orders.Placed(Ann, Show);
        await Eventually.Is(() => InBook(orders).Length <= Book.OrdersKept + 1);
        Assert.Equal(OrderStatus.Cancelled, (await orders.Get(Ann, First))!.Status);
    }
}
