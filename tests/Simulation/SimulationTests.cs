using Ticketing.Contracts;

namespace Ticketing.Simulation;

public class SimulationTests
{
    static readonly UserId Seller = new("seller");
    static readonly UserId[] Buyers = [new("ann"), new("bob"), new("cyd"), Seller];

    public static TheoryData<int> Hundreds => new(Enumerable.Range(0, Seeds / 50).Select(i => i * 50));

    static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("SIMULATION_SEEDS"), out var seeds) ? seeds : 400;

    [Theory, MemberData(nameof(Hundreds))]
    public void Whatever_the_weather_nothing_is_sold_twice_and_all_agree_in_the_end(int first)
    {
        for (var seed = first; seed < first + 50; seed++)
            Live(seed, _ => { });
    }

    [Fact]
    public void Every_second_message_is_swallowed_and_all_agree_in_the_end()
    {
        for (var seed = 10_000; seed < 10_040; seed++)
            Live(seed, shop => shop.SwallowOneIn = 2);
    }

    [Fact]
    public void Holds_end_without_the_expiration_service()
    {
        for (var seed = 20_000; seed < 20_040; seed++)
            Live(seed, shop => shop.ExpirationMuted = true);
    }

    [Fact]
    public void The_same_seed_is_the_same_story()
    {
        Assert.Equal(Live(77, _ => { }), Live(77, _ => { }));
        Assert.NotEqual(Live(77, _ => { }), Live(78, _ => { }));
    }

    static string Live(int seed, Action<Shop> weather)
    {
        var shop = new Shop(seed);
        weather(shop);
        var invariants = new Invariants(shop);
        try
        {
            Storm(shop, invariants);
            Calm(shop);
            invariants.CheckAtRest();
            return Told(shop);
        }
        catch (Exception e) when (e is not SeedException)
        {
            throw new SeedException(seed, e);
        }
    }

    static void Storm(Shop shop, Invariants invariants)
    {
        var random = shop.World.Random;
        var tickets = new[] { shop.List(Seller, 1000), shop.List(Seller, 2000), shop.List(Seller, 3000) };
        for (var step = 0; step < 60; step++)
        {
            Something(shop, random, tickets[random.Next(tickets.Length)]);
            Accident(shop, random);
            shop.World.Run(TimeSpan.FromMilliseconds(random.Next(3000)));
            invariants.CheckAlways();
        }
    }

    static void Something(Shop shop, Random random, TicketId ticket)
    {
        var buyer = Buyers[random.Next(Buyers.Length)];
        var current = shop.Orders.Read(ticket)?.Current;
        switch (random.Next(16))
        {
            case < 5:
                shop.Place(ticket, buyer, random.Next(2) == 0 ? null : shop.Tickets.Read(ticket)?.Terms.Price.Amount);
                break;
            case < 10 when current is not null:
                shop.Pay(current.Id, current.Buyer);
                break;
            case 10 when current is not null:
                shop.Cancel(current.Id, current.Buyer);
                break;
            case 11 or 12 when current is not null:
                shop.Refund(current.Id, Seller);
                break;
            // At the very instant somebody else locks it.
            case 13 or 14:
                shop.Place(ticket, buyer, null);
                shop.Edit(ticket, Seller, 1000 + random.Next(5));
                break;
            case 15 when random.Next(8) == 0:
                shop.Withdraw(ticket, Seller);
                break;
        }
    }

    static void Accident(Shop shop, Random random)
    {
        Toggle(shop.Tickets, random);
        Toggle(shop.Orders, random);
        Toggle(shop.Payments, random);
    }

    static void Toggle<T>(Node<T> node, Random random) where T : class, IAggregate<T>
    {
        if (node.Up && random.Next(25) == 0)
            node.Kill();
        else if (!node.Up && random.Next(4) == 0)
            node.Start();
    }

    // The last outage ends; a hold may still run, and a repeat may be a minute away.
    static void Calm(Shop shop)
    {
        shop.Hostile = false;
        StartAgain(shop.Tickets);
        StartAgain(shop.Orders);
        StartAgain(shop.Payments);
        shop.World.Run(Shop.Hold + TimeSpan.FromSeconds(200));
    }

    static void StartAgain<T>(Node<T> node) where T : class, IAggregate<T>
    {
        if (!node.Up)
            node.Start();
    }

    static string Told(Shop shop) => string.Join('\n', shop.Orders.ReadAll().OrderBy(book => book.TicketId.Value)
        .SelectMany(book => book.Orders).Select(order => $"{order.Id} {order.Status} {order.Version} {order.CreatedAt:O}"));

    sealed class SeedException(int seed, Exception inner) : Exception($"Seed {seed}: {inner.Message}", inner);
}
