using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>One replica of the service in a simulated world. It ends with its sidecar; the store stays.</summary>
sealed class Replica
{
    public Replica(SimWorld world, InMemoryStore store, Func<Call, Accident>? script = null)
    {
        Sidecar = new(store);
        if (script is not null)
            Sidecar.Script = script;
        var host = new AggregateHost(Sidecar, world.Random, NullLoggerFactory.Instance, world.Clock);
        Tickets = new(host, TicketsJson.Default.DocumentTicket, () => [Catalog]);
        TicketIdList = new(Sidecar, host.Damaged, world.Random, world.Clock);
        CatalogLoader = new(
            Catalog, TicketIdList, Tickets, world.Random, NullLogger<CatalogLoader>.Instance, world.Clock);
        world.Within(() => host.Run(CancellationToken.None));
    }

    public InMemorySidecar Sidecar { get; }
    public AggregateStore<Ticket> Tickets { get; }
    public Catalog Catalog { get; } = new();
    public TicketIdList TicketIdList { get; }
    public CatalogLoader CatalogLoader { get; }

    public async Task List(string id, Terms? terms = null)
    {
        await TicketIdList.Add(new(id));
        await Tickets.Update(id, ticket => ticket.List(Some.Seller, terms ?? Some.Terms, null, SimWorld.Start));
    }

    public Task ApplyOrder(string id, OrderSnapshot order) => Tickets.Update(id, ticket => ticket.Apply(order, SimWorld.Start));

    public IEnumerable<string> Newest(int limit = 100) =>
        Catalog.Search(new(SortBy.Newest, limit)).Tickets.Select(ticket => ticket.Id.Value);

    public IReadOnlyList<TicketSnapshot> Repeats() => [.. Sidecar.Published
        .Select(message => message.Data.Deserialize(ContractsJson.Default.TicketSnapshot)!)
        .Where(ticket => ticket.Again)];
}
