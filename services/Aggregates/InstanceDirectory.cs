using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>A process that uses, or has used, slots of the journal.</summary>
/// <param name="Slots">Its slots have the numbers below this one.</param>
/// <param name="EmptySince">When another process found it dead and all its slots empty; else null.</param>
public sealed record JournalInstance(string Id, int Slots, DateTimeOffset? EmptySince = null) : Extensible
{
    /// <summary>This key's value changes every two seconds while the process holds a slot.</summary>
    public string BeatKey => $"journal:beat:{Id}";
}

public sealed record InstanceList(IReadOnlyList<JournalInstance> Instances) : Extensible;

/// <summary>
/// The list of processes whose slots may be in use, <c>journal:instances</c>: a process is in it before it uses a slot.
/// </summary>
/// <remarks>While that document cannot be parsed, its spare is used, so that nobody waits for the repair.</remarks>
public sealed class InstanceDirectory(ISidecar sidecar, Random random, DamagedDocuments damaged, TimeProvider clock)
{
    public const string Key = "journal:instances", SpareKey = "journal:instances:spare";
    const int TriesMax = 8;

    /// <summary>The instances in both documents, each once.</summary>
    public IReadOnlyList<JournalInstance> Read(IReadOnlyDictionary<string, Stored> documents) =>
        [.. new[] { Key, SpareKey }.Where(documents.ContainsKey)
            .SelectMany(key => TryParse(key, documents[key])?.Instances ?? [])
            .GroupBy(instance => instance.Id)
            .Select(same => new JournalInstance(same.Key, same.Max(one => one.Slots),
                same.Any(one => one.EmptySince is null) ? null : same.Max(one => one.EmptySince)))];

    /// <summary>Adds the instance with at least this many slots, not marked as empty.</summary>
    /// <exception cref="SidecarException">It may not be listed: its slots must not be used.</exception>
    public async Task Register(string id, int slots, CancellationToken ct)
    {
        foreach (var key in new[] { Key, SpareKey })
        {
            if (await Change(key, list => Registered(list, id, slots), ct))
                return;
        }
        throw new SidecarException($"Neither {Key} nor {SpareKey} can be parsed.");
    }

    static IEnumerable<JournalInstance> Registered(IReadOnlyList<JournalInstance> list, string id, int slots)
    {
        var known = list.FirstOrDefault(instance => instance.Id == id) ?? new(id, slots);
        return list.Where(instance => instance.Id != id)
            .Append(known with { Slots = Math.Max(known.Slots, slots), EmptySince = null });
    }

    /// <summary>Notes since when the instance's slots are empty; null: they are not.</summary>
    public Task MarkEmpty(string id, DateTimeOffset? since, CancellationToken ct) =>
        ChangeBoth(list => list.Select(one => one.Id == id ? one with { EmptySince = since } : one), ct);

    /// <summary>Removes the instance, unless it has come back and unmarked itself since.</summary>
    public Task Remove(JournalInstance marked, CancellationToken ct) =>
        ChangeBoth(list => list.Where(one => one.Id != marked.Id || one.EmptySince is null), ct);

    async Task ChangeBoth(
        Func<IReadOnlyList<JournalInstance>, IEnumerable<JournalInstance>> change, CancellationToken ct)
    {
        foreach (var key in new[] { Key, SpareKey })
            await Change(key, change, ct);
    }

    /// <returns>False if the document cannot be parsed.</returns>
    async Task<bool> Change(
        string key, Func<IReadOnlyList<JournalInstance>, IEnumerable<JournalInstance>> change, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            var stored = await sidecar.Get(key, ct);
            if ((stored is { } found ? TryParse(key, found) : new InstanceList([])) is not { } before)
                return false;
            var after = before with { Instances = [.. change(before.Instances)] };
            if (after.Instances.SequenceEqual(before.Instances)
                || await sidecar.Save(key, Bytes(after), stored?.ETag, ct))
                return true;
            await Task.Delay(Backoff.Next(attempt, random), clock, ct);
        }
        throw new SidecarException($"{key} could not be written in {TriesMax} tries.");
    }

    static ReadOnlyMemory<byte> Bytes(InstanceList list) =>
        JsonSerializer.SerializeToUtf8Bytes(list, JournalJson.Default.InstanceList);

    InstanceList? TryParse(string key, Stored stored) =>
        damaged.TryParse(key, stored, JournalJson.Default.InstanceList, list => list.Instances);
}
