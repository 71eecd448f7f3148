using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>This aggregate may have unpublished events, or is not settled.</summary>
/// <param name="Key">The aggregate's key, e.g. <c>ticket:abc</c>.</param>
public sealed record JournalEntry(string Id, string Key);

/// <summary>One document of the journal, <c>journal:{shard}</c>.</summary>
public sealed record JournalShard(IReadOnlyList<JournalEntry> Entries);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(JournalShard))]
sealed partial class JournalJson : JsonSerializerContext;

/// <summary>
/// The list of aggregates that a crash could leave with unpublished events: an entry is durable before the aggregate is
/// saved and is removed after its events are published. Entries of all commands in flight share one write (group
/// commit). A process writes one shard, picked at random, so that replicas rarely write the same one.
/// </summary>
public sealed class Journal(ISidecar sidecar, Random random, ILogger<Journal> log, TimeProvider clock)
{
    public const int Shards = 8;
    /// <summary>Tries of one group commit before the commands that wait for it fail.</summary>
    const int TriesMax = 8;
    static readonly TimeSpan LeaveDelay = TimeSpan.FromMilliseconds(200);

    readonly string shard = ShardKey(random.Next(Shards));
    readonly Lock gate = new();
    readonly ConcurrentDictionary<string, string> mine = new();
    List<(JournalEntry Entry, TaskCompletionSource Durable)> entering = [];
    HashSet<string> leaving = [];
    bool writing, leaveScheduled;

    public static string ShardKey(int shard) => $"journal:{shard}";

    /// <summary>True for an entry that this process made and removes itself.</summary>
    public bool IsMine(string entryId) => mine.ContainsKey(entryId);

    /// <summary>Makes a new entry and returns once it is durable.</summary>
    /// <exception cref="SidecarException">It may not be durable: the aggregate must not be saved.</exception>
    public async Task<JournalEntry> Enter(string key)
    {
        var entry = new JournalEntry(NewId(), key);
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mine[entry.Id] = key;
        bool start;
        lock (gate)
        {
            entering.Add((entry, durable));
            start = !writing;
            writing = true;
        }
        if (start)
            _ = Write();
        await durable.Task;
        return entry;
    }

    /// <summary>The aggregate's events are published and it is settled: the next write removes these entries.</summary>
    public void Leave(IEnumerable<JournalEntry> entries)
    {
        lock (gate)
        {
            leaving.UnionWith(entries.Select(entry => entry.Id));
            if (leaving.Count == 0 || writing || leaveScheduled)
                return;
            leaveScheduled = true;
        }
        _ = LeaveSoon();
    }

    async Task LeaveSoon()
    {
        await Task.Delay(LeaveDelay, clock);
        lock (gate)
        {
            leaveScheduled = false;
            if (writing)
                return;
            writing = true;
        }
        await Write();
    }

    // One write at a time; entries that arrive meanwhile share the next one.
    async Task Write()
    {
        while (true)
        {
            List<(JournalEntry Entry, TaskCompletionSource Durable)> batch;
            HashSet<string> gone;
            lock (gate)
            {
                if (entering.Count == 0 && leaving.Count == 0)
                {
                    writing = false;
                    return;
                }
                (batch, entering) = (entering, []);
                (gone, leaving) = (leaving, []);
            }
            await Commit(batch, gone);
        }
    }

    async Task Commit(List<(JournalEntry Entry, TaskCompletionSource Durable)> batch, HashSet<string> gone)
    {
        try
        {
            await Change(shard, entries =>
                [.. entries.Where(e => !gone.Contains(e.Id)), .. batch.Select(b => b.Entry)]);
            foreach (var id in gone)
                mine.TryRemove(id, out _);
            foreach (var (_, durable) in batch)
                durable.SetResult();
        }
        catch (SidecarException e)
        {
            log.JournalNotWritten(e, batch.Count);
            // The entries may be written nevertheless: they are then swept like those of a dead process.
            foreach (var (entry, durable) in batch)
            {
                mine.TryRemove(entry.Id, out _);
                durable.SetException(e);
            }
            lock (gate)
                leaving.UnionWith(gone);
            await Task.Delay(LeaveDelay, clock);
        }
    }

    /// <summary>Removes other processes' entries from their shard.</summary>
    public Task Remove(int shardIndex, IReadOnlySet<string> ids) =>
        Change(ShardKey(shardIndex), entries => [.. entries.Where(entry => !ids.Contains(entry.Id))]);

    async Task Change(string key, Func<IReadOnlyList<JournalEntry>, IReadOnlyList<JournalEntry>> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            Exception? fault = null;
            try
            {
                var stored = await sidecar.Get(key, default);
                var before = stored is { } found ? Parse(found).Entries : [];
                // A write with a lost reply may have succeeded: do not add an entry twice.
                var after = change(before).DistinctBy(entry => entry.Id).ToList();
                if (after.SequenceEqual(before))
                    return;
                var bytes = JsonSerializer.SerializeToUtf8Bytes(
                    new JournalShard(after), JournalJson.Default.JournalShard);
                if (await sidecar.Save(key, bytes, stored?.ETag, default))
                    return;
            }
            catch (SidecarException e)
            {
                fault = e;
            }
            if (attempt == TriesMax)
                throw new SidecarException($"The journal {key} could not be written in {attempt} tries.", fault);
            await Task.Delay(Backoff.Next(attempt, random), clock);
        }
    }

    /// <exception cref="SidecarException">The document is damaged: nothing may be written over it.</exception>
    public static JournalShard Parse(Stored stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Value.Span, JournalJson.Default.JournalShard) ?? new([]);
        }
        catch (JsonException e)
        {
            throw new SidecarException("A document of the journal cannot be parsed.", e);
        }
    }

    string NewId()
    {
        Span<byte> bytes = stackalloc byte[10];
        random.NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
