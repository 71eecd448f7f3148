using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>An aggregate store as the watch sees it.</summary>
public interface IWatched
{
    string Kind { get; }
    /// <inheritdoc cref="AggregateStore{T}.Fence"/>
    Task Fence(string id);
    /// <inheritdoc cref="AggregateStore{T}.SayAgain"/>
    Task<bool> SayAgain(string id);
}

/// <summary>
/// Looks after journal entries until their aggregate is announced and answered. Its own: again after 2 s, 4 s … 60 s.
/// Those of others: whatever lies there for <see cref="Politeness"/> is taken over.
/// </summary>
/// <remarks>
/// Taking over is safe at any moment, the wait only spares double work: the write-back of a fence makes every save
/// that was loaded before it fail. Ages are measured on this instance's own clock, never read from an entry.
/// </remarks>
public sealed class Watch(Journal journal, ISidecar sidecar, Random random, ILogger<Watch> log, TimeProvider clock)
{
    public static readonly TimeSpan Politeness = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);
    const int FirstWaitSeconds = 2, LastWaitSeconds = 60;
    /// <summary>Aggregates looked at side by side.</summary>
    const int LooksMax = 8;

    sealed record Watched(IWatched Store, string Id)
    {
        public List<JournalEntry> Entries { get; } = [];
        /// <summary>An event is unpublished or a save's fate unknown: saying it again is not enough.</summary>
        public bool NeedsFence { get; set; }
        public int Looks { get; set; }
        public long DueAt { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, IWatched> stores = [];
    readonly Dictionary<string, Watched> watched = [];
    readonly Dictionary<string, long> firstSeen = [];

    /// <summary>Aggregates with an entry in the journal that this instance looks after.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return watched.Count;
        }
    }

    public void Register(IWatched store) => stores[store.Kind] = store;

    /// <summary>The aggregate was saved under <paramref name="entries"/> (the last one's save is the one that counts).</summary>
    internal void Committed(IWatched store, string id, IReadOnlyList<JournalEntry> entries, bool announced, bool settled)
    {
        List<JournalEntry> done;
        lock (gate)
        {
            // A later save of the same key is a fence for every earlier one, and speaks for all of them.
            done = watched.Remove(Key(store, id), out var before) ? [.. before.Entries, .. entries] : [.. entries];
            if (!announced || !settled)
            {
                var last = entries[^1];
                done.Remove(last);
                Keep(store, id, [last], needsFence: !announced);
            }
        }
        journal.Leave(done);
    }

    /// <summary>Saves whose fate nobody knows: the aggregate must be fenced before these entries may go.</summary>
    internal void Doubtful(IWatched store, string id, IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count == 0)
            return;
        lock (gate)
            Keep(store, id, entries, needsFence: true);
    }

    void Keep(IWatched store, string id, IReadOnlyList<JournalEntry> entries, bool needsFence)
    {
        var key = Key(store, id);
        if (!watched.TryGetValue(key, out var item))
            watched[key] = item = new(store, id) { DueAt = DueAfter(1) };
        item.Entries.AddRange(entries);
        item.NeedsFence |= needsFence;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task Run(CancellationToken ct)
    {
        var nextSweep = clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            await Look();
            if (clock.GetTimestamp() >= nextSweep)
            {
                await Sweep(ct);
                nextSweep = After(SweepInterval * (0.75 + random.NextDouble() / 2));
            }
            await Task.Delay(LookInterval, clock, ct).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>One look at every watched aggregate that is due.</summary>
    public async Task Look()
    {
        List<Watched> due;
        lock (gate)
            due = [.. watched.Values.Where(item => item.DueAt <= clock.GetTimestamp())];
        foreach (var some in due.Chunk(LooksMax))
            await Task.WhenAll(some.Select(LookAt));
    }

    async Task LookAt(Watched item)
    {
        List<JournalEntry> entries;
        bool fence;
        lock (gate)
            (entries, fence) = ([.. item.Entries], item.NeedsFence);
        try
        {
            if (fence)
            {
                // Its commit reports to this watch like any other, and takes these entries with it.
                await item.Store.Fence(item.Id);
                return;
            }
            if (await item.Store.SayAgain(item.Id))
            {
                Settled(item, entries);
                return;
            }
        }
        catch (Exception e) when (e is SidecarException or TryAgainException or JsonException)
        {
            log.LookFailed(e, Key(item.Store, item.Id));
        }
        lock (gate)
            item.DueAt = DueAfter(++item.Looks);
    }

    void Settled(Watched item, List<JournalEntry> entries)
    {
        lock (gate)
        {
            item.Entries.RemoveAll(entries.Contains);
            if (item.Entries.Count == 0 && watched.GetValueOrDefault(Key(item.Store, item.Id)) == item)
                watched.Remove(Key(item.Store, item.Id));
        }
        journal.Leave(entries);
    }

    /// <summary>One look at every shard of the journal for entries nobody looks after.</summary>
    public async Task Sweep(CancellationToken ct = default)
    {
        try
        {
            var keys = Enumerable.Range(0, Journal.Shards).Select(Journal.ShardKey).ToList();
            var found = await sidecar.Get(keys, ct);
            var abandoned = new List<(int Shard, JournalEntry Entry)>();
            var seen = new HashSet<string>();
            for (var shard = 0; shard < Journal.Shards; shard++)
            {
                if (!found.TryGetValue(keys[shard], out var stored))
                    continue;
                foreach (var entry in Journal.Parse(stored).Entries.Where(entry => !journal.IsMine(entry.Id)))
                {
                    seen.Add(entry.Id);
                    firstSeen.TryAdd(entry.Id, clock.GetTimestamp());
                    if (clock.GetElapsedTime(firstSeen[entry.Id]) >= Politeness)
                        abandoned.Add((shard, entry));
                }
            }
            foreach (var gone in firstSeen.Keys.Where(id => !seen.Contains(id)).ToList())
                firstSeen.Remove(gone);
            foreach (var inShard in abandoned.GroupBy(item => item.Shard))
                await TakeOver(inShard.Key, [.. inShard.Select(item => item.Entry)]);
        }
        catch (Exception e) when (e is SidecarException or TryAgainException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            log.SweepFailed(e);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
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
                // The fence has an entry of its own, which stays until the aggregate is settled: these may go.
                await store.Fence(id);
                taken.UnionWith(ofKey.Select(entry => entry.Id));
            }
            catch (Exception e) when (e is TryAgainException or JsonException)
            {
                log.LookFailed(e, ofKey.Key);
            }
        }
        await journal.Remove(shard, taken);
        log.TookOver(taken.Count, shard);
    }

    static (string Kind, string Id) Split(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return (key[..colon], key[(colon + 1)..]);
    }

    static string Key(IWatched store, string id) => $"{store.Kind}:{id}";

    long DueAfter(int looks) =>
        After(TimeSpan.FromSeconds(Math.Min(LastWaitSeconds, FirstWaitSeconds << Math.Min(looks - 1, 8)))
            * (0.8 + 0.4 * random.NextDouble()));

    long After(TimeSpan wait) => clock.GetTimestamp() + (long)(wait.TotalSeconds * clock.TimestampFrequency);
}
