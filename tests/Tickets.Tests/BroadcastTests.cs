using CsCheck;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>A replica is not sent its own events. It ends in the same state as one that is.</summary>
public class BroadcastTests
{
    const int Replicas = 3, Tickets = 4;

    // Each step: a replica changes a ticket. The events come to every replica in any order, some twice.
    [Fact]
    public void With_and_without_the_rule_the_catalog_ends_the_same() =>
        Gen.Select(Gen.Select(Gen.Int[0, Replicas - 1], Gen.Int[0, Tickets - 1], Gen.Int[0, 5]).Array[1, 20], Gen.Int)
            .Sample((steps, seed) =>
            {
                var withRule = Play(steps, seed, isFiltered: true);
                Assert.Equal(Play(steps, seed, isFiltered: false), withRule);
                Assert.Single(withRule.Distinct());   // and all replicas agree
            }, iter: 200);

    static List<string> Play((int Replica, int Ticket, int What)[] steps, int seed, bool isFiltered)
    {
        var (world, store) = (new SimWorld(1), new InMemoryStore());
        var replicas = Enumerable.Range(0, Replicas).Select(_ => new Replica(world, store)).ToList();
        foreach (var (replica, ticket, what) in steps)
            world.Complete(() => Change(replicas[replica], new($"t{ticket}"), what));
        var deliveries = new List<(Replica To, Event Message)>();
        foreach (var from in replicas)
            foreach (var message in from.Sidecar.Published)
                deliveries.AddRange(replicas.Where(to => !isFiltered || to != from).Select(to => (to, message)));
        var random = new Random(seed);
        var shuffled = deliveries.Concat(deliveries.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(shuffled);
        foreach (var (to, message) in shuffled)
            to.Catalog.Apply(System.Text.Json.JsonSerializer.Deserialize(
                message.Data, ContractsJson.Default.TicketSnapshot)!);
        return [.. replicas.Select(one => StateOf(one.Catalog))];
    }

    static Task<Decision<Ticket>> Change(Replica replica, TicketId id, int what) => replica.Tickets.Update(id, ticket => what switch
    {
        0 or 1 => ticket.List(Some.Seller, Some.Terms, null, Some.Noon),
        2 => ticket.Edit(Some.Seller, Some.OtherTerms, null),
        3 => ticket.Withdraw(Some.Seller),
        4 => ticket.Apply(Order(id, ticket, OrderStatus.Created), Some.Noon),
        _ => ticket.Apply(Order(id, ticket, OrderStatus.Cancelled), Some.Noon),
    });

    static OrderSnapshot Order(TicketId id, Ticket ticket, OrderStatus status)
    {
        var seq = (ticket.Lock?.Seq ?? 0) + (status is OrderStatus.Created ? 1 : 0);
        return Some.Order(Math.Max(1, seq), status) with { Id = new(id, Math.Max(1, seq)), TicketId = id };
    }

    static string StateOf(Catalog catalog)
    {
        catalog.Complete();
        var theirs = catalog.Of(Some.Seller, 100, null).Tickets.OrderBy(ticket => ticket.Id.Value);
        return string.Join('\n', theirs.Select(ticket => ticket.ToString()));
    }
}
