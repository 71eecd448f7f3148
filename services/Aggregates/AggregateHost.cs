using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>What the stores of one process share: the journal, the recovery, and the aggregates to visit again.</summary>
public sealed class AggregateHost
{
    /// <summary>After this time a command is answered with <see cref="TryAgainException"/>, whatever hangs.</summary>
    public static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(10);
    /// <summary>An aggregate that has not changed is refreshed at most once in this time.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    static readonly TimeSpan VisitInterval = TimeSpan.FromMilliseconds(500);
    /// <summary>The longer one while no other process shows that it lives: then only one that dies without being
    /// started again is found later by the difference.</summary>
    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2), SweepIntervalAlone = TimeSpan.FromSeconds(6);

    readonly ILoggerFactory logs;

    public AggregateHost(ISidecar sidecar, Random random, ILoggerFactory logs, TimeProvider clock)
    {
        (Sidecar, Random, Clock, this.logs) = (sidecar, random, clock, logs);
        Damaged = new(Log<DamagedDocuments>());
        var directory = new InstanceDirectory(sidecar, random, Damaged, clock);
        Journal = new(sidecar, directory, random, Log<Journal>(), clock);
        Recovery = new(Journal, new(sidecar, Damaged, random, clock), directory, sidecar, Damaged, Log<Recovery>(), clock);
        Unfinished = new(Journal, random, Log<Unfinished>(), clock);
    }

    internal ISidecar Sidecar { get; }
    internal Random Random { get; }
    internal TimeProvider Clock { get; }
    public DamagedDocuments Damaged { get; }
    public Journal Journal { get; }
    public Recovery Recovery { get; }
    public Unfinished Unfinished { get; }

    internal ILogger<T> Log<T>() => logs.CreateLogger<T>();

    /// <summary>
    /// Runs beats, visits and sweeps until cancelled. Beats do not wait for the others: a slow store must not make this
    /// process look dead.
    /// </summary>
    public async Task Run(CancellationToken ct)
    {
        await await Task.WhenAny(
            Every(() => Journal.BeatInterval, Journal.Beat, ct),
            Every(() => VisitInterval, _ => Unfinished.VisitDue(), ct),
            Every(() => Recovery.IsAlone ? SweepIntervalAlone : SweepInterval, Recovery.Sweep, ct));
        await Journal.EmptyStale(CancellationToken.None);
    }

    async Task Every(Func<TimeSpan> interval, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await work(ct);
            await Task.Delay(interval() * (0.75 + Random.NextDouble() / 2), Clock, ct).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>The aggregate was saved, and its events published if the broker took them.</summary>
    /// <param name="slot">The slot of this save; null if it needed none, or if a retired one names the aggregate.</param>
    internal void Committed(IRecoverable store, string id, JournalSlot? slot, bool isPublished, bool isSettled)
    {
        // This save is a fence for all earlier ones.
        if (Unfinished.Remove(store, id) is { } kept)
        {
            if (slot is null)
                slot = kept;
            else
                Journal.Free(kept);
        }
        if (!isPublished || !isSettled)
            Unfinished.Add(store, id, slot, needsFence: !isPublished);
        else if (slot is not null)
            Journal.Free(slot);
    }
}
