namespace Ticketing.Sidecar.Actors;

/// <summary>Counts what is under way, for whoever has to wait until nothing is.</summary>
sealed class InFlight
{
    readonly Lock _gate = new();
    TaskCompletionSource? _empty;
    int _count;

    /// <summary>Something begins; it is over when the result is disposed of.</summary>
    public Entry Enter()
    {
        lock (_gate) _count++;
        return new Entry(this);
    }

    public Task WhenEmpty()
    {
        lock (_gate)
            return _count == 0 ? Task.CompletedTask : (_empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    void Leave()
    {
        lock (_gate)
        {
            if (--_count > 0) return;
            _empty?.SetResult();
            _empty = null;
        }
    }

    public readonly struct Entry(InFlight all) : IDisposable
    {
        public void Dispose() => all.Leave();
    }
}
