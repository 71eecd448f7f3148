using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>
/// Runs CPU-heavy jobs one at a time on its own thread. Address blocks take turns. In a full queue a new job replaces
/// one of the block with the most jobs waiting, so a block that sends many jobs delays only itself.
/// </summary>
sealed class HashQueue : IDisposable
{
    sealed record Job(Action Work, TaskCompletionSource<bool> Done, CancellationToken Ct);

    readonly int waitingMax;
    readonly Lock gate = new();
    readonly Dictionary<AddressBlock, LinkedList<Job>> waiting = [];
    /// <summary>Each block that has jobs waiting, once.</summary>
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
    /// True when the work was done; false if too many jobs wait. A job already queued can also be refused later, in
    /// favour of another block.
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

    // Removes the newest job of the block with the most jobs, if that block then still has at least as many as this
    // one.
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
        // The client has disconnected: do not spend a hash on it.
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
#pragma warning disable CA1031 // passed on to the caller
        catch (Exception e)
#pragma warning restore CA1031
        {
            job.Done.SetException(e);
        }
    }

    /// <summary>Jobs already waiting are still done; new ones are refused.</summary>
    public void Dispose()
    {
        lock (gate)
            isClosed = true;
        arrived.Release();
    }
}
