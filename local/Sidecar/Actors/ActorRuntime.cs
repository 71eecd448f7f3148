using Ticketing.Sidecar.Invocation;

namespace Ticketing.Sidecar.Actors;

/// <summary>The actors hosted by one sidecar's app: their activation, turns, moves and deactivation.</summary>
sealed class ActorRuntime
{
    /// <summary>How long an app may take over a deactivation; the actor's next instance waits for it.</summary>
    static readonly TimeSpan DeactivationMax = TimeSpan.FromSeconds(30);

    readonly AppSidecar _sidecar;
    readonly ActorPlacement _placement;
    readonly ActorTransport _transport;
    readonly ILogger _log;
    volatile TaskCompletionSource _joined = NewSignal();

    /// <param name="reminders">Null without an actor state store, and then no type is hosted.</param>
    public ActorRuntime(AppSidecar sidecar, ActorPlacement placement, ReminderStore? reminders)
    {
        (_sidecar, _placement, Reminders) = (sidecar, placement, reminders);
        _transport = new ActorTransport(sidecar.App, ChaosAnswers.Of(sidecar.Host));
        _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
        Name = NameOf(sidecar.Options.AppId, sidecar.Host.NewId());
        Table = new ActorTable(sidecar.Host.Time, idle => End(idle, hasMoved: false));
        Router = new ActorRouter(sidecar, placement, this);
    }

    /// <summary>Unique for each sidecar.</summary>
    public string Name { get; }

    public static string NameOf(string appId, Guid id) => $"{appId}@{id}";

    public ActorTable Table { get; }

    public ReminderStore? Reminders { get; }

    public ActorRouter Router { get; }

    /// <summary>Reminders that are being delivered here, until their progress is saved.</summary>
    public InFlight Reminding { get; } = new();

    /// <summary>Completes when actors can be called through this sidecar.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Starts to host these types.</summary>
    public async Task Join(ActorConfig config, CancellationToken ct)
    {
        Table.Host(config);
        await _placement.Announce(this, config.Types, ct);
        _joined.TrySetResult();
    }

    /// <summary>Stops hosting: the actors are deactivated here, and may be activated at another host.</summary>
    public async Task Leave(CancellationToken ct)
    {
        await _placement.Announce(this, [], ct);
        Table.Host(ActorConfig.Nothing);
        await Reminding.WhenEmpty().WaitAsync(ct);
    }

    /// <summary>The app is unhealthy: as in daprd, actor calls through this sidecar wait until it is healthy.</summary>
    public Task Suspend(CancellationToken ct)
    {
        if (Table.HostsNothing) return Task.CompletedTask;
        // Suspended again after a failure: calls wait for the signal that is there.
        if (_joined.Task.IsCompleted) _joined = NewSignal();
        return Leave(ct);
    }

    /// <summary>Ends the actors of these types that another sidecar owns now, when their calls have ended or the drain
    /// timeout is over.</summary>
    public Task LetGo(IReadOnlySet<string> types, CancellationToken ct)
    {
        var moved = Table.Instances
            .Where(actor => types.Contains(actor.Id.Type) && _placement.OwnerNow(actor.Id) != this).ToList();
        return Task.WhenAll(moved.Select(actor => Drain(actor, ct)));
    }

    /// <summary>Like a killed process: the app gets no calls, and callers repeat theirs.</summary>
    public async Task Abort()
    {
        _placement.Remove(this);
        foreach (var instance in Table.Instances.ToList())
            await instance.End(hasMoved: true, _ => Task.CompletedTask);
        Table.Dispose();
    }

    /// <summary>One call of an actor here, in its turn.</summary>
    /// <exception cref="ActorClosedException">The actor was deactivated before the call.</exception>
    /// <exception cref="ActorMovedException">Another sidecar owns the actor now.</exception>
    /// <exception cref="ActorException">The app failed.</exception>
    public async Task<ActorReply> Turn(ActorId id, ActorCall call, CancellationToken ct)
    {
        var instance = Table.GetOrCreate(id);
        if (!call.IsCallback) call = Introduce(call);
        using var turn = await Enter(instance, ct);
        instance.Touch();
        try
        {
            return await _transport.Invoke(id, call, turn.Cancelled);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw instance.HasMoved ? new ActorMovedException() : new ActorException("context canceled");
        }
    }

    static async Task<TurnLock.Turn> Enter(ActorInstance instance, CancellationToken ct)
    {
        try
        {
            return await instance.Turns.Enter(ct);
        }
        catch (ActorClosedException)
        {
            await instance.Gone.WaitAsync(ct);
            throw;
        }
    }

    // daprd names the sidecar that hosts the actor as the caller, also when the call came from another.
    ActorCall Introduce(ActorCall call) => call
        .With("dapr-caller-app-id", _sidecar.Options.AppId)
        .With("dapr-caller-namespace", SidecarOptions.Namespace);

    async Task Drain(ActorInstance instance, CancellationToken ct)
    {
        try
        {
            if (_sidecar.App.IsHealthy)
                await instance.Turns.WhenEmpty().WaitAsync(instance.Config.DrainTimeout, _sidecar.Host.Time, ct);
        }
        catch (TimeoutException)
        {
            Log.DrainTimedOut(_log, _sidecar.Options.AppId, instance.Id.ToString());
        }

        await End(instance, hasMoved: true);
    }

    async Task End(ActorInstance instance, bool hasMoved)
    {
        try
        {
            await instance.End(hasMoved, TellApp);
        }
        catch (Exception e) when (e is ActorException or OperationCanceledException)
        {
            Log.DeactivationFailed(_log, _sidecar.Options.AppId, instance.Id.ToString(), e.Message);
        }

        async Task TellApp(ActorId id)
        {
            try
            {
                using var deadline = new CancellationTokenSource(DeactivationMax, _sidecar.Host.Time);
                await _transport.Deactivate(id, deadline.Token);
            }
            finally
            {
                Table.Forget(instance);
            }
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
