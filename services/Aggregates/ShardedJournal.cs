using System.Collections.Concurrent;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>An entry of the journal as builds before the slots write it.</summary>
/// <param name="Key">The aggregate's key.</param>
public sealed record JournalEntry(string Id, string Key) : Extensible;

/// <summary>One document of that journal, <c>journal:{shard}</c>.</summary>
public sealed record JournalShard(IReadOnlyList<JournalEntry> Entries) : Extensible;

/// <summary>
/// Takes over the entries that builds before the slots left in their journal, <c>journal:0</c> to <c>journal:7</c>. Such
/// a build may still run beside this one during an upgrade, so they are read in every sweep.
/// </summary>
public sealed class ShardedJournal
{
    public const int Shards = 8;
    const int TriesMax = 8;
    public static readonly IReadOnlyList<string> Keys = [.. Enumerable.Range(0, Shards).Select(ShardKey)];

    readonly ISidecar sidecar;
    readonly DamagedDocuments damaged;
    readonly TimeProvider clock;
    readonly Random random;
    readonly Dictionary<string, long> firstSeen = [];

    internal ShardedJournal(ISidecar sidecar, DamagedDocuments damaged, Random random, TimeProvider clock) =>
        (this.sidecar, this.damaged, this.random, this.clock) = (sidecar, damaged, random, clock);

    public static string ShardKey(int shard) => $"journal:{shard}";

    /// <summary>Fences what the entries name that have been there for <see cref="Recovery.TakeoverAge"/>, and removes
    /// them.</summary>
    internal async Task TakeOver(
        IReadOnlyDictionary<string, Stored> documents, Func<string, Task<bool>> fence, CancellationToken ct)
    {
        var taken = new ConcurrentBag<(string Shard, string Id)>();
        await SideBySide.Run(Abandoned(documents).GroupBy(one => one.Entry.Key), Takeover.FencesMax, async same =>
        {
            if (!await fence(same.Key))
                return;
            foreach (var (shard, entry) in same)
                taken.Add((shard, entry.Id));
        });
        foreach (var inShard in taken.GroupBy(one => one.Shard))
            await Remove(inShard.Key, inShard.Select(one => one.Id).ToHashSet(), ct);
    }

    List<(string Shard, JournalEntry Entry)> Abandoned(IReadOnlyDictionary<string, Stored> documents)
    {
        var all = Keys.Where(documents.ContainsKey)
            .SelectMany(key => TryParse(key, documents[key])?.Entries ?? [], (key, entry) => (Shard: key, Entry: entry)).ToList();
        var present = all.Select(one => one.Entry.Id).ToHashSet();
        foreach (var gone in firstSeen.Keys.Where(id => !present.Contains(id)).ToList())
            firstSeen.Remove(gone);
        foreach (var id in present)
            firstSeen.TryAdd(id, clock.GetTimestamp());
        return [.. all.Where(one => clock.GetElapsedTime(firstSeen[one.Entry.Id]) >= Recovery.TakeoverAge)];
    }

    async Task Remove(string shard, HashSet<string> ids, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            if (await sidecar.Get(shard, ct) is not { } stored || TryParse(shard, stored) is not { } before)
                return;
            var after = before with { Entries = [.. before.Entries.Where(entry => !ids.Contains(entry.Id))] };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(after, JournalJson.Default.JournalShard);
            if (after.Entries.Count == before.Entries.Count || await sidecar.Save(shard, bytes, stored.ETag, ct))
                return;
            await Task.Delay(Backoff.Next(attempt, random), clock, ct);
        }
    }

    JournalShard? TryParse(string key, Stored stored) =>
        damaged.TryParse(key, stored, JournalJson.Default.JournalShard, list => list.Entries);
}
