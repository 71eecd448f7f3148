using Ticketing.Contracts;
using Ticketing.Tickets;

namespace Ticketing.Simulation;

public class SimulationTests
{
    static readonly UserId Seller = new("seller");
    static readonly UserId[] Buyers = [new("ann"), new("bob"), new("cyd"), Seller];

    public static TheoryData<int> Hundreds => new(Enumerable.Range(0, Seeds / 50).Select(i => i * 50));

    static int Seeds =>
        int.TryParse(Environment.GetEnvironmentVariable("SIMULATION_SEEDS"), out var seeds) ? seeds : 400;

    [Theory, MemberData(nameof(Hundreds))]
    public void Whatever_the_weather_nothing_is_sold_twice_and_all_agree_in_the_end(int first)
    {
        for (var seed = first; seed < first + 50; seed++)
            RunSeed(seed, _ => { });
    }

    [Fact]
    public void Every_second_message_is_swallowed_and_all_agree_in_the_end()
    {
        for (var seed = 10_000; seed < 10_040; seed++)
            RunSeed(seed, system => system.LoseOneIn = 2);
    }

    [Fact]
    public void Holds_end_without_the_expiration_service()
    {
        for (var seed = 20_000; seed < 20_040; seed++)
            RunSeed(seed, system => system.ExpirationMuted = true);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(RunSeed(77, _ => { }), RunSeed(77, _ => { }));
        Assert.NotEqual(RunSeed(77, _ => { }), RunSeed(78, _ => { }));
    }

    static string RunSeed(int seed, Action<SimulatedSystem> configure)
    {
        var system = new SimulatedSystem(seed);
        configure(system);
        var invariants = new Invariants(system);
        try
        {
            RunHostile(system, invariants);
            Settle(system);
            invariants.CheckAtRest();
            return Summary(system);
        }
        catch (Exception e) when (e is not SeedException)
        {
            throw new SeedException(seed, e);
        }
    }

    static void RunHostile(SimulatedSystem system, Invariants invariants)
    {
        var random = system.World.Random;
        var tickets = new[] { 1000, 2000, 3000 }.Select(price => system.List(Seller, TermsAt(price))).ToArray();
        var seen = new Dictionary<TicketId, Ticket?>();
        for (var step = 0; step < 60; step++)
        {
            var ticket = tickets[random.Next(tickets.Length)];
            // Some buyers look again before they order.
            if (random.Next(3) > 0)
                seen[ticket] = system.Tickets.Read(ticket);
            Something(system, random, ticket, seen.GetValueOrDefault(ticket));
            Accident(system, random);
            system.World.Run(TimeSpan.FromMilliseconds(random.Next(3000)));
            invariants.CheckAlways();
        }
    }

    static Terms TermsAt(long price) => new("A show", "Globe", null, "Seat 1", new(price, "usd"));

    // Of one term at a time a change is noticed least.
    static Terms Edited(Terms terms, Random random, DateTimeOffset now) => random.Next(7) switch
    {
        0 => terms with { Title = $"Show {random.Next(3)}" },
        1 => terms with { Venue = random.Next(2) == 0 ? null : "Rose" },
        // Some shows begin while the users are still there.
        2 => terms with { StartsAt = now.AddSeconds(random.Next(5, 400)) },
        3 => terms with { Seat = $"Seat {random.Next(3)}" },
        4 => terms with { TimeZone = random.Next(2) == 0 ? "UTC" : "Asia/Tokyo" },
        5 => terms with { Price = terms.Price with { Currency = terms.Price.Currency == "usd" ? "gbp" : "usd" } },
        _ => terms with { Price = terms.Price with { Amount = 1000 + random.Next(5) } },
    };

    static void Something(SimulatedSystem system, Random random, TicketId ticket, Ticket? seen)
    {
        var buyer = Buyers[random.Next(Buyers.Length)];
        var current = system.Orders.Read(ticket)?.Current;
        switch (random.Next(18))
        {
            case < 5:
                system.Place(ticket, buyer, Glimpse.Of(seen, random));
                break;
            case < 10 when current is not null:
                system.Pay(current.Id, current.Buyer);
                break;
            case 10 when current is not null:
                system.Cancel(current.Id, current.Buyer);
                break;
            case 11 or 12 when current is not null:
                system.Refund(current.Id, Seller, relist: random.Next(4) > 0);
                break;
            // At the same moment another user places an order.
            case 13 or 14 when seen is not null:
                system.Place(ticket, buyer, Glimpse.Of(seen, random));
                system.Edit(ticket, Seller, Edited(system.Tickets.Read(ticket)?.Terms ?? seen.Terms, random, system.Now));
                break;
            case 15 when random.Next(8) == 0:
                system.Withdraw(ticket, Seller);
                break;
            case 16 or 17 when current is not null:
                system.StripeActs(current.Id);
                break;
        }
    }

    static void Accident(SimulatedSystem system, Random random)
    {
        Toggle(system.Tickets, random);
        Toggle(system.Orders, random);
        Toggle(system.Payments, random);
    }

    static void Toggle<T>(Node<T> node, Random random) where T : class, IAggregate<T>
    {
        if (node.Up && random.Next(25) == 0)
            node.Kill();
        else if (!node.Up && random.Next(4) == 0)
            node.Start();
    }

    // No more accidents; a hold may still run, and the next repeat may be a minute away.
    static void Settle(SimulatedSystem system)
    {
        system.Hostile = false;
        StartIfDown(system.Tickets);
        StartIfDown(system.Orders);
        StartIfDown(system.Payments);
        system.World.Run(SimulatedSystem.Hold + TimeSpan.FromSeconds(200));
    }

    static void StartIfDown<T>(Node<T> node) where T : class, IAggregate<T>
    {
        if (!node.Up)
            node.Start();
    }

    static string Summary(SimulatedSystem system) =>
        string.Join('\n', system.Orders.ReadAll().OrderBy(book => book.TicketId.Value)
            .SelectMany(book => book.Orders)
            .Select(order => $"{order.Id} {order.Status} {order.Version} {order.CreatedAt:O}"));

    sealed class SeedException(int seed, Exception inner) : Exception($"Seed {seed}: {inner.Message}", inner);
}
