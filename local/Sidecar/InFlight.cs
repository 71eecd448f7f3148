namespace Ticketing.Sidecar;

/// <summary>Counts running operations, so that a stop can wait for them.</summary>
sealed class InFlight
{
    readonly Lock _gate = new();
    TaskCompletionSource? _empty;
    int _count;
    bool _isStopping;

    /// <summary>False after <see cref="StopAsync"/>; else each call is followed by one of
    /// <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_isStopping) _count++;
            return !_isStopping;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            if (--_count > 0) return;
            _empty?.SetResult();
            _empty = null;
        }
    }

    public Task WhenEmpty()
    {
        lock (_gate)
            return _count == 0
                ? Task.CompletedTask
                : (_empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Refuses new operations, and waits for the running ones.</summary>
    public Task StopAsync()
    {
        lock (_gate) _isStopping = true;
        return WhenEmpty();
    }
}
