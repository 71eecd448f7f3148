using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class OrderStreamTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static async Task<IAsyncEnumerator<SseItem<string>>> Watch(OrdersHost orders, UserId user, CancellationToken ct)
    {
        var answer = await orders.As(user)
            .GetAsync($"/api/orders/{First}/live", HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return SseParser.Create(await answer.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct).GetAsyncEnumerator(ct);
    }

    static async Task<OrderStatus> Next(IAsyncEnumerator<SseItem<string>> stream)
    {
        do
            Assert.True(await stream.MoveNextAsync());
        while (stream.Current.EventType == "heartbeat");
        Assert.Equal("order", stream.Current.EventType);
        return JsonSerializer.Deserialize(stream.Current.Data, OrdersJson.Default.OrderView)!.Status;
    }

    [Fact]
    public async Task A_buyer_watches_his_order_from_its_beginning_to_its_end()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);

        var stream = await Watch(orders, Ann, timeout.Token);
        Assert.Equal(OrderStatus.Created, await Next(stream));
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
        Assert.Equal(OrderStatus.AwaitingPayment, await Next(stream));
        await orders.Deliver(Payment(PaymentStatus.Authorized));
        Assert.Equal(OrderStatus.Complete, await Next(stream));
    }

    // The events of the orders do not tell them.
    [Fact]
    public async Task Every_state_that_a_buyer_watches_tells_the_terms_of_the_order()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var orders = await OrdersHost.Start();
        var ticket = Ticket() with { Seat = "A 1", StartsAt = DateTimeOffset.UtcNow.AddDays(9), TimeZone = "Asia/Tokyo" };
        await orders.Deliver(ticket);
        await orders.Placed(Ann, Show);
        var stream = await Watch(orders, Ann, timeout.Token);
        await Next(stream);
        var first = JsonSerializer.Deserialize(stream.Current.Data, OrdersJson.Default.OrderView)!;
        Assert.Equal((ticket.Seat, ticket.StartsAt, ticket.TimeZone), (first.Seat, first.StartsAt, first.TimeZone));
        await orders.Deliver(ticket.Locked(First, LockState.Granted));
        Assert.Equal(OrderStatus.AwaitingPayment, await Next(stream));
        Assert.Equal(await orders.Get(Ann, First),
            JsonSerializer.Deserialize(stream.Current.Data, OrdersJson.Default.OrderView));
    }

    [Fact]
    public async Task What_another_replica_did_comes_with_its_event_once_and_never_backwards()
    {
        using var timeout = new CancellationTokenSource(Patience);
        var store = new InMemoryStore();
        await using var one = await OrdersHost.Start(store);
        await using var other = await OrdersHost.Start(store);
        await one.Deliver(Ticket());
        await one.Placed(Ann, Show);
        var stream = await Watch(one, Ann, timeout.Token);
        Assert.Equal(OrderStatus.Created, await Next(stream));

        await other.Deliver(Ticket().Locked(First, LockState.Granted));
        await other.Deliver(Payment(PaymentStatus.Failed));
        await Eventually.Is(() => other.NewEvents.Count >= 2);
        Event[] events = [.. other.NewEvents.OrderBy(message => message.Data.GetProperty("bookVersion").GetInt64())];
        foreach (var message in new[] { events[^1], events[^2], events[^1] })
            await one.Deliver(message, "broadcast");
        Assert.Equal(OrderStatus.Cancelled, await Next(stream));

        await one.DisposeAsync();       // stopping the server ends its streams
        while (await stream.MoveNextAsync())
            Assert.Equal("heartbeat", stream.Current.EventType);
    }

    [Fact]
    public async Task A_message_that_got_lost_shows_at_the_next_heartbeat()
    {
        using var timeout = new CancellationTokenSource(Patience);
        var store = new InMemoryStore();
        await using var one = await OrdersHost.Start(store, new AdvancedClock(timerSpeed: 50));
        await using var other = await OrdersHost.Start(store);
        await one.Deliver(Ticket());
        await one.Placed(Ann, Show);
        var stream = await Watch(one, Ann, timeout.Token);
        Assert.Equal(OrderStatus.Created, await Next(stream));
        await other.As(Ann).DeleteAsync($"/api/orders/{First}", timeout.Token);
        Assert.Equal(OrderStatus.Cancelled, await Next(stream));
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("token runs out")]
    public async Task A_stream_ends_with_the_session_that_opened_it(string end)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var orders = await OrdersHost.Start(clock: new AdvancedClock(timerSpeed: 50));
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        var open = orders.Service.Services.GetRequiredService<EventStreams>();
        var stream = await Watch(orders, Ann, timeout.Token);
        Assert.Equal(OrderStatus.Created, await Next(stream));
        Assert.Equal(1, open.Count);

        if (end == "sign-out")
            await orders.Deliver(Event.Of(new SessionRevoked(Ann, Ann, orders.Clock.GetUtcNow().AddHours(1))),
                DaprSidecar.Broadcast);
        else
            orders.Clock.Advance(TimeSpan.FromHours(1));
        while (await stream.MoveNextAsync())
            Assert.Equal("heartbeat", stream.Current.EventType);
        await Eventually.Is(() => open.Count == 0);
    }

    [Fact]
    public async Task A_buyer_has_a_few_streams_at_once_and_is_told_when_to_come_again()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var orders = await OrdersHost.Start(args: "--Streams:PerUserMax=2");
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await Watch(orders, Ann, timeout.Token);
        await Watch(orders, Ann, timeout.Token);
        var third = await orders.As(Ann).GetAsync($"/api/orders/{First}/live", timeout.Token);
        await OrdersHost.Refused(third, 429, "too-many-requests");
        Assert.Equal(EventStreams.RetryAfter, third.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Nobody_watches_anothers_order()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await OrdersHost.Refused(await orders.As(Ben).GetAsync($"/api/orders/{First}/live"), 404, "order-not-found");
    }
}
