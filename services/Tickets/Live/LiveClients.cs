using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What a client of the live stream wants to hear of.</summary>
/// <param name="Ids">The tickets that it shows; null: every ticket.</param>
/// <param name="Listed">Also of every ticket that is newly listed.</param>
public sealed record LiveFilter(IReadOnlySet<TicketId>? Ids, bool Listed)
{
    public const int IdsMax = 100;
    public static readonly LiveFilter Everything = new(null, true);

    /// <param name="ids">Ticket ids with commas between; null: every ticket.</param>
    /// <returns>Null if it is not a list of at most <see cref="IdsMax"/> ids.</returns>
    public static LiveFilter? Parse(string? ids, bool listed)
    {
        if (ids is null)
            return Everything;
        var parts = ids.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length <= IdsMax && parts.All(part => TicketId.TryParse(part, null, out _))
            ? new(parts.Select(part => new TicketId(part)).ToHashSet(), listed) : null;
    }
}

/// <summary>One open stream.</summary>
sealed record LiveClient(LiveFilter Filter, Channel<SseItem<byte[]>> Channel);

/// <summary>The open streams, by what they want to hear of: an event costs nothing for those it is not for.</summary>
sealed class LiveClients
{
    readonly Lock gate = new();
    readonly HashSet<LiveClient> all = [];
    readonly Dictionary<TicketId, ImmutableHashSet<LiveClient>> byTicket = [];
    ImmutableHashSet<LiveClient> ofEverything = [], ofListed = [];

    public int Count
    {
        get
        {
            lock (gate)
                return all.Count;
        }
    }

    public void Add(LiveClient client)
    {
        lock (gate)
        {
            all.Add(client);
            if (client.Filter.Ids is null)
                ofEverything = ofEverything.Add(client);
            if (client.Filter.Listed)
                ofListed = ofListed.Add(client);
            foreach (var id in client.Filter.Ids ?? ImmutableHashSet<TicketId>.Empty)
                byTicket[id] = byTicket.GetValueOrDefault(id, []).Add(client);
        }
    }

    public void Remove(LiveClient client)
    {
        lock (gate)
        {
            all.Remove(client);
            (ofEverything, ofListed) = (ofEverything.Remove(client), ofListed.Remove(client));
            foreach (var id in client.Filter.Ids ?? ImmutableHashSet<TicketId>.Empty)
            {
                if (byTicket.GetValueOrDefault(id, []).Remove(client) is { IsEmpty: false } others)
                    byTicket[id] = others;
                else
                    byTicket.Remove(id);
            }
        }
    }

    public IReadOnlyCollection<LiveClient> All
    {
        get
        {
            lock (gate)
                return [.. all];
        }
    }

    /// <param name="isListed">The event says that the ticket is newly listed.</param>
    public IEnumerable<LiveClient> Of(TicketId id, bool isListed)
    {
        lock (gate)
            return ofEverything.Concat(byTicket.GetValueOrDefault(id, [])).Concat(isListed ? ofListed : []).Distinct();
    }
}
