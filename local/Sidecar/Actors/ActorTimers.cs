namespace Ticketing.Sidecar.Actors;

/// <summary>The timers created through one sidecar: they outlive their actors and end with the sidecar.</summary>
sealed class ActorTimers : IDisposable
{
    readonly Dictionary<string, ActorTimer> _active = [];
    readonly DueQueue<string, ActorTimer> _due;
    readonly AppSidecar _sidecar;
    readonly ActorRouter _router;
    readonly ILogger _log;

    public ActorTimers(AppSidecar sidecar, ActorRouter router)
    {
        (_sidecar, _router) = (sidecar, router);
        _due = new DueQueue<string, ActorTimer>(sidecar.Host.Time, timer => _ = Fire(timer));
        _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
    }

    /// <summary>Starts the timer, and replaces the actor's timer of the same name.</summary>
    public void Set(ActorTimer timer)
    {
        lock (_active)
        {
            Remove(timer.Key);
            if (!timer.IsExpired) Schedule(timer);
        }
    }

    public void Remove(string key)
    {
        lock (_active)
        {
            if (_active.Remove(key)) _due.Remove(key);
        }
    }

    public void Dispose() => _due.Dispose();

    async Task Fire(ActorTimer timer)
    {
        if (_sidecar.Lifecycle.Stopping.IsCancellationRequested || !IsActive(timer)) return;
        try
        {
            await _router.Tick(timer, _sidecar.Lifecycle.Killed);
        }
        catch (OperationCanceledException) when (_sidecar.Lifecycle.Killed.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            // As in daprd, a tick counts even if the callback failed.
            Log.TimerFailed(_log, _sidecar.Options.AppId, timer.Key, e.Message);
        }

        lock (_active)
        {
            if (!IsActive(timer)) return;
            if (timer.Ticked() is { } next) Schedule(next);
            else _active.Remove(timer.Key);
        }
    }

    void Schedule(ActorTimer timer)
    {
        _active[timer.Key] = timer;
        _due.Set(timer.Key, timer.DueAt, timer);
    }

    // The callback may have removed or replaced the timer, or the app may while it waits for its actor's turn.
    bool IsActive(ActorTimer timer)
    {
        lock (_active) return ReferenceEquals(_active.GetValueOrDefault(timer.Key), timer);
    }
}
