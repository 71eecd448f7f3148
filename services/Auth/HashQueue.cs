using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>
/// Work that takes a core while it lasts, one piece at a time on a thread of its own. Blocks of addresses take turns;
/// in a full queue a block takes a place from the one with the most waiting, so who sends much waits for itself.
/// </summary>
sealed class HashQueue : IDisposable
{
    sealed record Job(Action Work, TaskCompletionSource<bool> Done, CancellationToken Ct);

    readonly int waitingMax;
    readonly Lock gate = new();
    readonly Dictionary<AddressBlock, LinkedList<Job>> waiting = [];
    /// <summary>Every block that has work waiting, once.</summary>
    readonly Queue<AddressBlock> turns = new();
    readonly SemaphoreSlim arrived = new(0);
    int count;
    bool isClosed;

    public HashQueue(int waitingMax)
    {
        this.waitingMax = waitingMax;
        var thread = new Thread(Work)
        {
            IsBackground = true,
            Name = "password hashes",
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
    }

    /// <returns>
    /// True when the work was done; false when it was not, because too many wait. That can turn out later, when others
    /// have come.
    /// </returns>
    public Task<bool> Run(AddressBlock block, Action work, CancellationToken ct)
    {
        var job = new Job(work, new(TaskCreationOptions.RunContinuationsAsynchronously), ct);
        lock (gate)
        {
            if (isClosed || count == waitingMax && !TryMakeRoom(block))
                return Task.FromResult(false);
            if (!waiting.TryGetValue(block, out var jobs))
            {
                waiting[block] = jobs = new();
                turns.Enqueue(block);
            }
            jobs.AddLast(job);
            count++;
        }
        arrived.Release();
        return job.Done.Task;
    }

    // The newest of the block with the most gives way, if that block still has no fewer than the newcomer's then.
    bool TryMakeRoom(AddressBlock newcomer)
    {
        var most = waiting.Values.MaxBy(jobs => jobs.Count)!;
        var own = waiting.GetValueOrDefault(newcomer)?.Count ?? 0;
        if (most.Count <= own + 1)
            return false;
        most.Last!.Value.Done.SetResult(false);
        most.RemoveLast();
        count--;
        return true;
    }

    Job? Next()
    {
        lock (gate)
        {
            if (!turns.TryDequeue(out var block))
                return null;
            var jobs = waiting[block];
            var job = jobs.First!.Value;
            jobs.RemoveFirst();
            count--;
            if (jobs.Count > 0)
                turns.Enqueue(block);
            else
                waiting.Remove(block);
            return job;
        }
    }

    void Work()
    {
        while (true)
        {
            arrived.Wait();
            if (Next() is { } job)
                Do(job);
            else if (isClosed)
                return;
        }
    }

    static void Do(Job job)
    {
        // Who has hung up need not be served.
        if (job.Ct.IsCancellationRequested)
        {
            job.Done.SetCanceled(job.Ct);
            return;
        }
        try
        {
            job.Work();
            job.Done.SetResult(true);
        }
#pragma warning disable CA1031 // handed to the caller whole
        catch (Exception e)
#pragma warning restore CA1031
        {
            job.Done.SetException(e);
        }
    }

    /// <summary>What waits is still done; nothing new is taken.</summary>
    public void Dispose()
    {
        lock (gate)
            isClosed = true;
        arrived.Release();
    }
}
