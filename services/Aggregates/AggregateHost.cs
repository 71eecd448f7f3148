using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>What the stores of one process share: the journal, the recovery and the repeats.</summary>
public sealed class AggregateHost
{
    /// <summary>An aggregate that has not changed is refreshed at most once in this time.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(5);

    static readonly TimeSpan VisitInterval = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(2);

    readonly ILoggerFactory logs;

    public AggregateHost(ISidecar sidecar, Random random, ILoggerFactory logs, TimeProvider clock)
    {
        (Sidecar, Random, Clock, this.logs) = (sidecar, random, clock, logs);
        Journal = new(sidecar, random, logs.CreateLogger<Journal>(), clock);
        Recovery = new(Journal, sidecar, random, logs.CreateLogger<Recovery>(), clock);
        Repeats = new(Journal, random, logs.CreateLogger<Repeats>(), clock);
    }

    internal ISidecar Sidecar { get; }
    internal Random Random { get; }
    internal TimeProvider Clock { get; }
    internal Journal Journal { get; }
    public Recovery Recovery { get; }
    public Repeats Repeats { get; }

    internal ILogger<T> Log<T>() => logs.CreateLogger<T>();

    /// <summary>Runs fences, repeats and sweeps until cancelled.</summary>
    public async Task Run(CancellationToken ct)
    {
        var nextSweep = Clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            await Recovery.FenceDue();
            await Repeats.RepeatDue();
            if (Clock.GetTimestamp() >= nextSweep)
            {
                await Recovery.Sweep(ct);
                var wait = SweepInterval * (0.75 + Random.NextDouble() / 2);
                nextSweep = Clock.GetTimestamp() + (long)(wait.TotalSeconds * Clock.TimestampFrequency);
            }
            await Task.Delay(VisitInterval, Clock, ct).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>The aggregate was saved; the last of these entries belongs to the save that succeeded.</summary>
    internal void Committed(
        IRecoverable store, string id, IReadOnlyList<JournalEntry> entries, bool isPublished, bool isSettled)
    {
        // A later save of the same key is a fence for all earlier ones: their entries can be removed too.
        List<JournalEntry> done = [.. Recovery.Remove(store, id), .. Repeats.Remove(store, id), .. entries];
        if (!isPublished || !isSettled)
        {
            var last = entries[^1];
            done.Remove(last);
            if (isPublished)
                Repeats.Add(store, id, last);
            else
                Recovery.Add(store, id, [last]);
        }
        Journal.Leave(done);
    }

    /// <summary>These saves may have succeeded or not: the entries stay until the aggregate is fenced.</summary>
    internal void SaveUncertain(IRecoverable store, string id, IReadOnlyList<JournalEntry> entries)
    {
        if (entries.Count > 0)
            Recovery.Add(store, id, entries);
    }
}
