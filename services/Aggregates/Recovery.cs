using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>
/// Completes saves after a crash or a lost reply: saves of this process whose outcome is unknown or whose events are
/// not all published, and saves of other processes, whose journal entries it takes over.
/// </summary>
/// <remarks>
/// It fences the aggregate: saves it unchanged, so that every save based on an earlier load fails, and publishes its
/// outbox. That is safe at any time; <see cref="TakeoverAge"/> only avoids double work. Ages are measured on this
/// process's own clock, never read from an entry.
/// </remarks>
public sealed class Recovery
{
    /// <summary>How long another process's entry must have been in the journal before it is taken over.</summary>
    public static readonly TimeSpan TakeoverAge = TimeSpan.FromSeconds(5);

    readonly Journal journal;
    readonly ISidecar sidecar;
    readonly ILogger<Recovery> log;
    readonly TimeProvider clock;
    readonly DueList uncertain;
    readonly Dictionary<string, IRecoverable> stores = [];
    readonly Dictionary<string, long> firstSeen = [];

    internal Recovery(
        Journal journal, ISidecar sidecar, Random random, ILogger<Recovery> log, TimeProvider clock)
    {
        (this.journal, this.sidecar, this.log, this.clock) = (journal, sidecar, log, clock);
        uncertain = new(random, clock);
    }

    internal void Register(IRecoverable store) => stores[store.Kind] = store;

    internal void Add(IRecoverable store, string id, IReadOnlyList<JournalEntry> entries) =>
        uncertain.Add(store, id, entries);

    internal IReadOnlyList<JournalEntry> Remove(IRecoverable store, string id) => uncertain.Remove(store, id);

    /// <summary>Fences this process's saves of unknown outcome that are due, once.</summary>
    public Task FenceDue() => uncertain.VisitDue(async item =>
    {
        try
        {
            // A successful fence removes these entries, like every save.
            await item.Store.Fence(item.Id);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // one broken aggregate stops no other
        {
            log.VisitFailed(e, item.Key);
        }
    });

    /// <summary>Reads the whole journal once and takes over the abandoned entries of other processes.</summary>
    public async Task Sweep(CancellationToken ct = default)
    {
        try
        {
            foreach (var inShard in (await FindAbandoned(ct)).GroupBy(found => found.Shard))
                await TakeOver(inShard.Key, [.. inShard.Select(found => found.Entry)]);
        }
        catch (Exception e) when (e is SidecarException or TryAgainException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            log.SweepFailed(e);
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    async Task<List<(int Shard, JournalEntry Entry)>> FindAbandoned(CancellationToken ct)
    {
        var keys = Enumerable.Range(0, Journal.Shards).Select(Journal.ShardKey).ToList();
        var found = await sidecar.Get(keys, ct);
        var others = keys.Index().Where(shard => found.ContainsKey(shard.Item))
            .SelectMany(shard => Journal.Parse(found[shard.Item]).Entries,
                (shard, entry) => (Shard: shard.Index, Entry: entry))
            .Where(other => !journal.IsMine(other.Entry.Id)).ToList();
        var present = others.Select(other => other.Entry.Id).ToHashSet();
        foreach (var gone in firstSeen.Keys.Where(id => !present.Contains(id)).ToList())
            firstSeen.Remove(gone);
        foreach (var id in present)
            firstSeen.TryAdd(id, clock.GetTimestamp());
        return [.. others.Where(other => clock.GetElapsedTime(firstSeen[other.Entry.Id]) >= TakeoverAge)];
    }

    async Task TakeOver(int shard, IReadOnlyList<JournalEntry> entries)
    {
        var taken = new HashSet<string>();
        foreach (var ofKey in entries.GroupBy(entry => entry.Key))
        {
            var (kind, id) = Split(ofKey.Key);
            if (!stores.TryGetValue(kind, out var store))
            {
                log.UnknownKind(ofKey.Key);
                continue;
            }
            try
            {
                // The fence has its own entry, which stays until the aggregate is settled: these can be removed.
                await store.Fence(id);
                taken.UnionWith(ofKey.Select(entry => entry.Id));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.VisitFailed(e, ofKey.Key);
            }
        }
        await journal.Remove(shard, taken);
        log.TookOver(taken.Count, shard);
    }

    static (string Kind, string Id) Split(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (key, "") : (key[..colon], key[(colon + 1)..]);
    }
}
