namespace Ticketing.Sidecar.PubSub;

/// <summary>The handlers of one subscription that are running: so that its end can wait for theirs.</summary>
sealed class InFlight
{
    readonly Lock _gate = new();
    readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _running;
    bool _isStopping;

    /// <summary>False once the subscription has been told to stop.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (!_isStopping) _running++;
            return !_isStopping;
        }
    }

    public void Leave()
    {
        lock (_gate)
        {
            _running--;
            if (_isStopping && _running == 0) _drained.TrySetResult();
        }
    }

    public Task StopAsync()
    {
        lock (_gate)
        {
            _isStopping = true;
            if (_running == 0) _drained.TrySetResult();
        }

        return _drained.Task;
    }
}
