using System.Text;
using Ticketing.Sidecar.Invocation;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.Actors;

/// <summary>One sidecar's part in actors: those alive in its app, and the way to those elsewhere.</summary>
sealed class ActorRuntime : IDisposable
{
    /// <summary>How often a call follows an actor from one life into the next before it counts as failed.</summary>
    const int LivesMax = 5;

    /// <summary>How long an app may take over a deactivation; the actor's next life waits for it.</summary>
    static readonly TimeSpan DeactivationMax = TimeSpan.FromSeconds(30);

    readonly AppSidecar _sidecar;
    readonly ActorPlacement _placement;
    readonly ActorTransport _transport;
    readonly ILogger _log;
    volatile TaskCompletionSource _joined = NewSignal();

    /// <param name="reminders">Null without an actor state store, and then no type is hosted.</param>
    public ActorRuntime(AppSidecar sidecar, ActorPlacement placement, ReminderStore? reminders)
    {
        (_sidecar, _placement, _transport, Reminders) = (
            sidecar, placement, new ActorTransport(sidecar.App, FalseAnswers.Of(sidecar.Host)), reminders);
        _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
        Table = new ActorTable(sidecar.Host.Time, idle => End(idle, hasMoved: false));
        Name = $"{sidecar.Options.AppId}@{Guid.NewGuid():N}";
    }

    public ActorTable Table { get; }

    public ReminderStore? Reminders { get; }

    /// <summary>Unlike that of any other sidecar.</summary>
    public string Name { get; }

    /// <summary>Actors can be called through this sidecar; until then calls wait.</summary>
    public bool HasJoined => _joined.Task.IsCompleted;

    /// <summary>Starts to host these types.</summary>
    public async Task Join(IReadOnlyDictionary<string, ActorTypeConfig> types, CancellationToken ct)
    {
        Table.Host(types);
        await _placement.Announce(this, types.Keys, ct);
        _joined.TrySetResult();
    }

    /// <summary>Hosts nothing any more: its actors end here and go on elsewhere, if somebody else hosts them.</summary>
    public async Task Leave(CancellationToken ct)
    {
        await _placement.Announce(this, [], ct);
        Table.Host(new Dictionary<string, ActorTypeConfig>());
    }

    /// <summary>The app is not well: as daprd, lets nobody call actors through this sidecar until it is again.</summary>
    public Task Suspend(CancellationToken ct)
    {
        if (Table.Types.Count == 0) return Task.CompletedTask;
        _joined = NewSignal();
        return Leave(ct);
    }

    /// <summary>Calls an actor, wherever it is, under the policies for its type.</summary>
    /// <exception cref="ActorException">It could not be found, or answered with an error.</exception>
    public Task<ActorReply> Invoke(ActorId id, ActorCall call, CancellationToken ct) =>
        _sidecar.Policies.TargetsActor(id.Type)
            ? _sidecar.Policies.ForActorCall(id.Type, id.Id).Run(
                (_, attemptCt) => CallOwner(id, call, attemptCt), reply => reply.IsFault ? Verdict.Failure : Verdict.Success, null, ct)
            : WithBuiltInRetries(id, call, ct);

    /// <summary>Hands a timer's or reminder's callback to its actor: no policy but the timeout of a turn.</summary>
    /// <exception cref="ActorException">As <see cref="Invoke"/>, and when the reply says that the method failed.</exception>
    public async Task CallBack(ActorId id, ActorCall call, CancellationToken ct)
    {
        var reply = _sidecar.Policies.TargetsActor(id.Type)
            ? await CallOwner(id, call, ct)
            : await WithBuiltInRetries(id, call, ct);
        if (reply.IsFault) throw new ActorException("actor error with details in body");
    }

    /// <summary>Hands a reminder to its actor.</summary>
    /// <exception cref="ActorException">As <see cref="CallBack"/>.</exception>
    public Task Remind(Reminder reminder, CancellationToken ct)
    {
        // Once it is the Scheduler that fires, the times a reminder was set with are not told any more.
        var body = ScheduleRequest.Callbacks(Encoding.UTF8.GetBytes(reminder.Data ?? ""), null, "", "");
        return CallBack(reminder.Actor, ActorCall.Callback($"remind/{reminder.Name}", body), ct);
    }

    /// <summary>Ends the actors of these types that another sidecar owns now, when their calls are done or their
    /// time to drain is up.</summary>
    public Task LetGo(IEnumerable<string> types, CancellationToken ct) =>
        Task.WhenAll(types.SelectMany(Table.Of).Where(a => _placement.OwnerNow(a.Id) != this).ToList().Select(a => Drain(a, ct)));

    /// <summary>As a process that dies: the app is not told, and calls inside are made again by whoever made them.</summary>
    public async Task Die()
    {
        _placement.Bury(this);
        foreach (var instance in Table.Types.Keys.SelectMany(Table.Of).ToList())
            await instance.End(hasMoved: true, _ => Task.CompletedTask);
        Dispose();
    }

    public void Dispose() => Table.Dispose();

    async Task<ActorReply> WithBuiltInRetries(ActorId id, ActorCall call, CancellationToken ct) =>
        await _sidecar.Policies.BuiltIn(PolicySet.BuiltInActorNotFoundRetries).Run(
            (_, attemptCt) => CallOwner(id, call, attemptCt), _ => Verdict.Success, WorthRetrying, ct);

    static Verdict WorthRetrying(Exception error) =>
        error is NoAddressException or ActorMovedException or ActorClosedException ? Verdict.Failure : Verdict.Permanent;

    async Task<ActorReply> CallOwner(ActorId id, ActorCall call, CancellationToken ct)
    {
        await _joined.Task.WaitAsync(ct);
        for (var life = 1; ; life++)
        {
            var owner = await _placement.Owner(id, ct) ?? throw new NoAddressException(id);
            try
            {
                return owner == this ? await Turn(id, call, ct) : await owner.RemoteTurn(id, call, ct);
            }
            catch (ActorClosedException) when (life < LivesMax)
            {
                // It was deactivated while the call waited: its next life takes the call.
            }
        }
    }

    async Task<ActorReply> RemoteTurn(ActorId id, ActorCall call, CancellationToken ct)
    {
        try
        {
            return await Turn(id, call.IsCallback ? call : call.With("x-dapr-remote", "true"), ct);
        }
        catch (ActorException e) when (WorthRetrying(e) == Verdict.Permanent)
        {
            throw new ActorException($"rpc error: code = Internal desc = error invoke actor method: {e.Message}", e);
        }
    }

    async Task<ActorReply> Turn(ActorId id, ActorCall call, CancellationToken ct)
    {
        var instance = Table.GetOrCreate(id);
        if (instance.Config.StackDepthMax is not null && call.ChainId is null && !call.IsCallback)
            call = call.With(ActorCall.ReentrancyHeader, _sidecar.Host.NewId().ToString());
        using var turn = await Enter(instance, call, ct);
        instance.Touch();
        try
        {
            return await _sidecar.Policies.ForActorTurn(id.Type).Run(
                attemptCt => _transport.Invoke(id, Introduced(call), attemptCt), turn.Cancelled);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw instance.HasMoved ? new ActorMovedException() : new ActorException("context canceled");
        }
        catch (AttemptTimeoutException e)
        {
            throw new ActorException(e.Message, e);
        }
    }

    static async Task<TurnLock.Turn> Enter(ActorInstance instance, ActorCall call, CancellationToken ct)
    {
        try
        {
            return await instance.Turns.Enter(call.ChainId, ct);
        }
        catch (ActorClosedException)
        {
            await instance.Gone.WaitAsync(ct);
            throw;
        }
    }

    // daprd names the sidecar that hosts the actor here, also when the call came from another.
    ActorCall Introduced(ActorCall call) => call.IsCallback ? call : call
        .With("dapr-caller-app-id", _sidecar.Options.AppId)
        .With("dapr-caller-namespace", _sidecar.Options.Namespace is { Length: > 0 } name ? name : "default");

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
