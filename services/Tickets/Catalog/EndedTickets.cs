using System.Diagnostics.CodeAnalysis;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Tickets that are sold or withdrawn, or whose show has begun. After <see cref="Catalog.ForgetAfter"/> the catalog
/// forgets them, and only the version of each stays here, so that an older event does not bring it back.
/// </summary>
sealed class EndedTickets
{
    readonly Dictionary<TicketId, long> forgotten = [];
    readonly PriorityQueue<(TicketId Id, long Version), long> waiting = new();
    readonly List<(TicketId Id, long Version, DateTimeOffset? Since)> added = [];

    public bool IsForgotten(TicketId id) => forgotten.ContainsKey(id);

    public bool TryGetForgotten(TicketId id, [MaybeNullWhen(false)] out long version) =>
        forgotten.TryGetValue(id, out version);

    /// <param name="since">Null: just now.</param>
    public void Add(TicketId id, long version, DateTimeOffset? since) => added.Add((id, version, since));

    /// <summary>It has changed after all.</summary>
    public void Remember(TicketId id) => forgotten.Remove(id);

    /// <summary>Those that ended before this moment, unless they have changed since; they are forgotten now.</summary>
    /// <param name="isStill">True if the catalog has this version.</param>
    public IEnumerable<TicketId> Forget(DateTimeOffset now, TimeSpan after, Func<TicketId, long, bool> isStill)
    {
        foreach (var (id, version, since) in added)
            waiting.Enqueue((id, version), Math.Min((since ?? now).UtcTicks, now.UtcTicks));
        added.Clear();
        while (waiting.TryPeek(out var first, out var at) && at <= (now - after).UtcTicks)
        {
            waiting.Dequeue();
            if (!isStill(first.Id, first.Version))
                continue;
            forgotten[first.Id] = first.Version;
            yield return first.Id;
        }
    }
}
