using System.Net;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class CrowdTests
{
    static UserId Buyer(int number) => new($"buyer{number}");

    static async Task<List<HttpResponseMessage>> AtOnce(IEnumerable<Task<HttpResponseMessage>> requests) =>
        [.. await Task.WhenAll(requests.ToList())];

    [Fact]
    public async Task Of_two_hundred_at_once_one_gets_the_ticket()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var before = orders.Sidecar.Calls;

        var answers = await AtOnce(Enumerable.Range(1, 200).Select(number => orders.Place(Buyer(number), Show)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(199, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
        // Events are published beside the answers.
        await Eventually.Is(() => orders.NewEvents.Count > 0);
        Assert.Single(orders.NewEvents);
        Assert.InRange(orders.Sidecar.Calls - before, 1, 40);      // not two for each of them
    }

    [Fact]
    public async Task Of_a_hundred_clicks_of_one_buyer_one_is_an_order()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var answers = await AtOnce(Enumerable.Range(1, 100).Select(_ => orders.Place(Ann, Show)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(99, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Single((await orders.List(Ann)).Items);
    }

    [Fact]
    public async Task Two_replicas_sell_a_ticket_once()
    {
        var store = new InMemoryStore();
        await using var one = await OrdersHost.Start(store);
        await using var other = await OrdersHost.Start(store);
        await one.Deliver(Ticket());
        var answers = await AtOnce(Enumerable.Range(1, 60)
            .Select(number => (number % 2 == 0 ? one : other).Place(Buyer(number), Show)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(59, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_buyer_who_clicks_like_a_machine_is_told_to_wait()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var answers = await AtOnce(Enumerable.Range(1, 150).Select(_ => orders.Place(Ann, Show)));
        Assert.Contains(answers,
            answer => answer.StatusCode == HttpStatusCode.TooManyRequests && answer.Headers.RetryAfter is not null);
        await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "ticket-reserved");     // Ben has not ordered yet
    }

    [Fact]
    public async Task Nobody_holds_more_tickets_than_one_may()
    {
        await using var orders = await OrdersHost.Start(args: ["--Orders:HeldMax=5"]);
        var shows = Enumerable.Range(1, 12).Select(number => new TicketId($"show{number}")).ToList();
        foreach (var show in shows)
            await orders.Deliver(Ticket() with { Id = show });

        var answers = await AtOnce(shows.Select(show => orders.Place(Ann, show)));

        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
            Assert.Equal(5, (await OrdersHost.Refused(refused, 409, "too-many-orders")).GetProperty("max").GetInt32());
        var (items, _) = await orders.List(Ann);
        var held = items.Where(order => order.Status == OrderStatus.Created).ToList();
        Assert.Equal(5, held.Count);

        // A second order by the same buyer for the same ticket is harmless.
        Assert.Equal(HttpStatusCode.OK, (await orders.Place(Ann, held[0].TicketId)).StatusCode);

        // A refused ticket is free for others, and a cancelled order makes room for another.
        var free = shows.First(show => held.All(order => order.TicketId != show));
        await orders.Placed(Ben, free);
        await orders.As(Ann).DeleteAsync($"/api/orders/{held[0].Id}");
        await orders.Placed(Ann, held[0].TicketId);
        var other = shows.First(show => show != free && held.All(order => order.TicketId != show));
        await OrdersHost.Refused(await orders.Place(Ann, other), 409, "too-many-orders");
    }

    [Fact]
    public async Task A_ticket_that_came_free_elsewhere_is_refused_no_longer_than_a_second()
    {
        var (store, clock) = (new InMemoryStore(), new AdvancedClock());
        await using var one = await OrdersHost.Start(store, clock);
        await using var other = await OrdersHost.Start(store, clock);
        await one.Deliver(Ticket());
        await one.Placed(Ann, Show);
        await OrdersHost.Refused(await one.Place(Ben, Show), 409, "ticket-reserved");
        await other.As(Ann).DeleteAsync($"/api/orders/{First}");

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Second, (await one.Placed(Ben, Show)).Id);
    }

    [Fact]
    public async Task The_event_tells_every_replica_at_once()
    {
        var store = new InMemoryStore();
        await using var one = await OrdersHost.Start(store);
        await using var other = await OrdersHost.Start(store);
        await one.Deliver(Ticket());
        await one.Placed(Ann, Show);
        await OrdersHost.Refused(await one.Place(Ben, Show), 409, "ticket-reserved");
        await other.As(Ann).DeleteAsync($"/api/orders/{First}");

        await Eventually.Is(() => other.NewEvents.Any(message => message.Type == OrderEvents.Cancelled));
        await one.Deliver(other.NewEvents.First(message => message.Type == OrderEvents.Cancelled), "broadcast");
        await one.Placed(Ben, Show);
    }

    [Fact]
    public void What_a_replica_remembers_refuses_others_and_grants_nobody()
    {
        var clock = new FakeTimeProvider(Now);
        var held = new HeldTickets(clock);
        Assert.Null(held.Refuse(Show, Ben));
        held.Apply(In(OrderStatus.AwaitingPayment));
        Assert.Equal("ticket-reserved", held.Refuse(Show, Ben)!.Code);
        Assert.Null(held.Refuse(Show, Ann));                       // the book answers the holder

        held.Apply(In(OrderStatus.Created));                         // late
        Assert.Equal("ticket-reserved", held.Refuse(Show, Ben)!.Code);
        held.Apply(In(OrderStatus.Complete));
        Assert.Equal("ticket-sold", held.Refuse(Show, Ben)!.Code);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(held.Refuse(Show, Ben));
    }

    [Fact]
    public void A_hold_that_ran_out_refuses_nobody()
    {
        var clock = new FakeTimeProvider(Now + Hold);
        var held = new HeldTickets(clock);
        held.Apply(In(OrderStatus.AwaitingPayment));
        Assert.Null(held.Refuse(Show, Ben));
    }
}
