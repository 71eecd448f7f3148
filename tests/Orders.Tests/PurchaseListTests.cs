using System.Net;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class PurchaseListTests
{
    static Purchase Line(int number) =>
        new(new(new($"show{number}"), 1), Now.AddMinutes(number), Now.AddMinutes(number) + Hold);

    static Purchases List(InMemoryStore store) => new(new InMemorySidecar(store), new Random(1), TimeProvider.System);

    static async Task<List<Purchase>> ReadAll(Purchases purchases, int limit)
    {
        var (all, place) = (new List<Purchase>(), (PurchaseCursor?)null);
        do
        {
            var (lines, next) = await purchases.Read(Ann, place, limit, default);
            Assert.True(next is null || lines.Count == limit);
            all.AddRange(lines);
            place = next is { } cursor ? PurchaseCursor.Parse(cursor.ToString()) : null;
        }
        while (place is not null);
        return all;
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(99, 50)]
    [InlineData(100, 7)]
    [InlineData(257, 100)]
    public async Task A_list_of_any_length_is_read_page_by_page_newest_first(int orders, int limit)
    {
        var purchases = List(new());
        for (var number = 1; number <= orders; number++)
            await purchases.Add(Ann, Line(number), default);
        Assert.Equal(Enumerable.Range(1, orders).Reverse().Select(Line), await ReadAll(purchases, limit));
    }

    [Fact]
    public async Task A_buyers_list_takes_no_more_memory_however_long_it_grows()
    {
        var purchases = List(new());
        for (var number = 1; number <= 1_000; number++)
        {
            await purchases.Add(Ann, Line(number), default);
            Assert.InRange(Remembered(), 1, PurchaseList.RememberedLinesMax);
        }
        await purchases.Read(Ann, null, 20, default);
        Assert.InRange(Remembered(), 1, PurchaseList.RememberedLinesMax);
        Assert.Equal(1_000, (await ReadAll(purchases, 100)).Count);

        int Remembered() => purchases.Recall(Ann)!.Newest.Length + purchases.Recall(Ann)!.Pages.Length;
    }

    [Fact]
    public async Task Events_in_any_order_and_number_list_an_order_once_in_its_place()
    {
        var (store, random) = (new InMemoryStore(), new Random(7));
        int[] numbers = [.. Enumerable.Range(1, 40), .. Enumerable.Range(1, 40)];
        random.Shuffle(numbers);
        foreach (var number in numbers)
            await List(store).Add(Ann, Line(number), default);      // a replica with nothing cached
        Assert.Equal(Enumerable.Range(1, 40).Reverse().Select(Line), await ReadAll(List(store), 15));
    }

    [Fact]
    public async Task A_late_event_of_an_order_on_an_old_page_does_not_list_it_twice()
    {
        var store = new InMemoryStore();
        for (var number = 1; number <= 150; number++)
            await List(store).Add(Ann, Line(number), default);
        await List(store).Add(Ann, Line(3), default);
        Assert.Equal(150, (await ReadAll(List(store), 100)).Count);
    }

    [Fact]
    public async Task Replicas_that_write_at_once_lose_nothing()
    {
        var store = new InMemoryStore();
        for (var number = 1; number <= 95; number++)
            await List(store).Add(Ann, Line(number), default);
        Purchases[] replicas = [List(store), List(store)];
        await Task.WhenAll(Enumerable.Range(96, 20)
            .Select(number => replicas[number % 2].Add(Ann, Line(number), default)));
        Assert.Equal(Enumerable.Range(1, 115).Reverse().Select(Line), await ReadAll(replicas[0], 30));
    }

    [Fact]
    public async Task A_store_that_fails_now_and_then_is_tried_again()
    {
        var sidecar = new InMemorySidecar(new());
        sidecar.Script = call => call.Number % 2 == 1 ? Accident.FailAfter : Accident.None;
        var list = await new Purchases(sidecar, new Random(1), TimeProvider.System).Add(Ann, Line(1), default);
        Assert.Equal([Line(1)], list.Newest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("1-")]
    [InlineData("x-show1-1")]
    [InlineData("-1-show1-1")]
    [InlineData("1-show1-01")]
    [InlineData("99999999999999999999-show1-1")]
    public void What_is_no_place_in_a_list_is_told_apart(string text) => Assert.Null(PurchaseCursor.Parse(text));

    [Fact]
    public async Task A_buyer_sees_his_order_at_once_on_every_replica_and_after_a_restart()
    {
        var store = new InMemoryStore();
        await using (var one = await OrdersHost.Start(store))
        await using (var other = await OrdersHost.Start(store))
        {
            await one.Deliver(Ticket());
            var order = await one.Placed(Ann, Show);
            Assert.Equal([order], (await other.List(Ann)).Items);
            await one.As(Ann).DeleteAsync($"/api/orders/{First}");
            Assert.Equal(OrderStatus.Cancelled, Assert.Single((await other.List(Ann)).Items).Status);
        }
        await using var restarted = await OrdersHost.Start(store);
        Assert.Equal(First, Assert.Single((await restarted.List(Ann)).Items).Id);
        Assert.Empty((await restarted.List(Ben)).Items);
    }

    [Fact]
    public async Task What_could_not_be_listed_is_listed_by_the_next_event_of_its_ticket()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        orders.Sidecar.Script = call =>
            call.Key.StartsWith("purchases:", StringComparison.Ordinal) ? Accident.FailBefore : Accident.None;
        Assert.Equal(HttpStatusCode.Created, (await orders.Place(Ann, Show)).StatusCode);
        orders.Sidecar.Script = _ => Accident.None;
        Assert.Empty((await orders.List(Ann)).Items);

        // And if that fails too, by the same event when it is delivered again.
        var locked = Event.Of(TicketEvents.Locked, Ticket().Locked(First, LockState.Granted));
        orders.Sidecar.Script = call =>
            call.Key.StartsWith("purchases:", StringComparison.Ordinal) ? Accident.FailBefore : Accident.None;
        Assert.False((await orders.Service.Deliver(locked)).IsSuccessStatusCode);
        orders.Sidecar.Script = _ => Accident.None;
        await orders.Deliver(locked);
        Assert.Equal(First, Assert.Single((await orders.List(Ann)).Items).Id);
    }

    // A newer order hides the older one in the ticket: both are listed all the same.
    [Fact]
    public async Task An_order_that_its_ticket_never_answered_is_listed_with_the_next_one()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        orders.Sidecar.Script = call =>
            call.Key.StartsWith("purchases:", StringComparison.Ordinal) ? Accident.FailBefore : Accident.None;
        var first = await orders.Placed(Ann, Show);
        Assert.True((await orders.As(Ann).DeleteAsync($"/api/orders/{first.Id}")).IsSuccessStatusCode);
        var second = await orders.Placed(Ben, Show);
        orders.Sidecar.Script = _ => Accident.None;

        await orders.Deliver(Ticket().Locked(second.Id, LockState.Granted));
        Assert.Equal(first.Id, Assert.Single((await orders.List(Ann)).Items).Id);
        Assert.Equal(second.Id, Assert.Single((await orders.List(Ben)).Items).Id);
    }

    [Fact]
    public async Task A_list_is_paged_over_http()
    {
        await using var orders = await OrdersHost.Start();
        for (var number = 1; number <= 12; number++)
        {
            await orders.Deliver(Ticket() with { Id = new($"show{number}") });
            await orders.Placed(Ann, new($"show{number}"));
        }
        var (first, next) = await orders.List(Ann, "?limit=5");
        var (second, more) = await orders.List(Ann, $"?limit=5&after={next}");
        var (third, end) = await orders.List(Ann, $"?limit=5&after={more}");
        Assert.Null(end);
        Assert.Equal(Enumerable.Range(1, 12).Reverse().Select(number => $"show{number}"),
            first.Concat(second).Concat(third).Select(order => order.TicketId.Value));
    }
}
