namespace Ticketing.Sidecar.Actors;

/// <summary>One instance of an actor in one sidecar, from its first call to its deactivation.</summary>
sealed class ActorInstance(ActorId id, ActorConfig config, TimeProvider time)
{
    readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _idleAtTicks = (time.GetUtcNow() + config.IdleTimeout).UtcTicks;
    int _ending;

    public ActorId Id { get; } = id;

    public ActorConfig Config { get; } = config;

    public TurnLock Turns { get; } = new();

    /// <summary>It ended because another host owns the actor: its running call must be repeated there.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>When it has been without a call for the idle timeout.</summary>
    public DateTimeOffset IdleAt => new(Interlocked.Read(ref _idleAtTicks), TimeSpan.Zero);

    /// <summary>Completes when the app has deactivated it; then the next instance may start.</summary>
    public Task Gone => _gone.Task;

    /// <summary>A call starts: the idle time counts from here, not from the call's end.</summary>
    public void Touch() => Interlocked.Exchange(ref _idleAtTicks, (time.GetUtcNow() + Config.IdleTimeout).UtcTicks);

    /// <summary>Deactivates once, even if called repeatedly: cancels running calls, then calls the app.</summary>
    /// <param name="tellApp">If it fails, the instance has ended too, and the exception is thrown.</param>
    public async Task End(bool hasMoved, Func<ActorId, Task> tellApp)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 1)
        {
            await Gone;
            return;
        }

        HasMoved = hasMoved;
        try
        {
            await Turns.Close();
            await tellApp(Id);
        }
        finally
        {
            _gone.SetResult();
        }
    }
}
