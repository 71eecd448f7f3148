using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>
/// Completes the saves of other processes that have died: looks at their slots, fences each aggregate named there, and
/// empties the slot.
/// </summary>
/// <remarks>
/// A fence saves the aggregate unchanged, so that every save based on an earlier load is refused, and publishes its
/// outbox. That is safe at any time, also while the other process lives.
/// </remarks>
public sealed class Recovery
{
    /// <summary>A process whose beat has not changed for this long is taken for dead.</summary>
    public static readonly TimeSpan TakeoverAge = TimeSpan.FromSeconds(10);
    /// <summary>How long a dead process stays in the directory after its slots were found empty: as long may a
    /// transaction take that it sent before it died.</summary>
    public static readonly TimeSpan ForgetAge = TimeSpan.FromHours(24);

    /// <summary>Slots in one bulk read.</summary>
    const int SlotsAtOnce = 256;

    readonly Journal journal;
    readonly ShardedJournal shards;
    readonly InstanceDirectory directory;
    readonly ISidecar sidecar;
    readonly ILogger<Recovery> log;
    readonly TimeProvider clock;
    readonly OtherInstances others;
    readonly Takeover takeover;

    internal Recovery(Journal journal, ShardedJournal shards, InstanceDirectory directory, ISidecar sidecar,
        DamagedDocuments damaged, ILogger<Recovery> log, TimeProvider clock)
    {
        (this.journal, this.shards, this.directory) = (journal, shards, directory);
        (this.sidecar, this.log, this.clock) = (sidecar, log, clock);
        (others, takeover) = (new(clock), new(sidecar, damaged, log));
    }

    internal void Register(IRecoverable store) => takeover.Register(store);

    /// <summary>For half a minute no other process has shown that it lives, and none has left anything to take over.</summary>
    public bool IsAlone => others.AreQuiet;

    /// <summary>Reads the directory and the beats once, and takes over what dead processes have left.</summary>
    public async Task Sweep(CancellationToken ct = default)
    {
        try
        {
            var documents = await sidecar.Get(
                [InstanceDirectory.Key, InstanceDirectory.SpareKey, .. ShardedJournal.Keys], ct);
            var listed = directory.Read(documents);
            journal.Seen(listed.FirstOrDefault(instance => instance.Id == journal.Instance));
            List<JournalInstance> dead = [.. listed.Where(instance => instance.Id != journal.Instance)];
            others.Keep(dead);
            if (dead.Count > 0)
                await ReadBeats(dead, ct);
            foreach (var instance in dead.Where(others.IsDue))
                await Look(instance, ct);
            await shards.TakeOver(documents, takeover.Fence, ct);
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

    async Task ReadBeats(List<JournalInstance> instances, CancellationToken ct)
    {
        var beats = await sidecar.Get([.. instances.Select(instance => instance.BeatKey)], ct);
        foreach (var instance in instances)
            others.Saw(instance, beats.TryGetValue(instance.BeatKey, out var beat) ? beat : null);
    }

    async Task Look(JournalInstance instance, CancellationToken ct)
    {
        var (found, taken) = (0, 0);
        for (var first = 0; first < instance.Slots; first += SlotsAtOnce)
        {
            var count = Math.Min(SlotsAtOnce, instance.Slots - first);
            var keys = Enumerable.Range(first, count).Select(n => JournalSlot.KeyOf(instance.Id, n)).ToList();
            var used = takeover.Used(await sidecar.Get(keys, ct));
            found += used.Count;
            taken += await takeover.TakeOver(used, ct);
        }
        others.Looked(instance, tookOver: taken > 0);
        if (taken > 0)
            log.TookOver(taken, instance.Id);
        if (found > 0 && instance.EmptySince is not null)
            await directory.MarkEmpty(instance.Id, null, ct);
        else if (found == 0 && instance.EmptySince is null)
            await directory.MarkEmpty(instance.Id, clock.GetUtcNow(), ct);
        else if (found == 0 && clock.GetUtcNow() - instance.EmptySince >= ForgetAge)
            await directory.Remove(instance, ct);
    }
}
