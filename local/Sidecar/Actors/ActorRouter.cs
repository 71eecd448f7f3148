namespace Ticketing.Sidecar.Actors;

/// <summary>The way from one sidecar to any actor: finds the owner, follows an actor that moves, tries again.</summary>
sealed class ActorRouter(AppSidecar sidecar, ActorPlacement placement, ActorRuntime home)
{
    /// <summary>How often a call follows an actor from one life into the next before it counts as failed.</summary>
    const int LivesMax = 5;

    /// <summary>Calls an actor's method under the policies for its type.</summary>
    /// <exception cref="ActorException">It could not be found, or answered with an error.</exception>
    public Task<ActorReply> Invoke(ActorId id, ActorCall call, CancellationToken ct) =>
        sidecar.Policies.ForActorCall(id.Type).Run(
            (_, attemptCt) => Find(id, call, attemptCt), reply => reply.IsFault ? Verdict.Failure : Verdict.Success,
            ofError: null, ct);

    /// <summary>Hands a timer to its actor, wherever it is: no policy but the timeout of a turn.</summary>
    /// <exception cref="ActorException">As <see cref="Invoke"/>, and when the reply tells of a failure.</exception>
    public Task Tick(ActorTimer timer, CancellationToken ct)
    {
        var (actor, call) = (timer.Actor, ActorCall.Callback($"timer/{timer.Name}", timer.Body));
        return Watched(FlowKind.Ticked, actor, timer.Name, 1, () => Find(actor, call, ct));
    }

    /// <summary>Hands a reminder to its actor, which lives here.</summary>
    /// <exception cref="ActorMovedException">It does not live here any more; nobody has failed.</exception>
    /// <exception cref="ActorException">As <see cref="Tick"/>.</exception>
    public Task Remind(Reminder reminder, CancellationToken ct)
    {
        // The Scheduler fires it, and does not know the times it was set with.
        var body = ScheduleRequest.Body(reminder.Data, null, "", "");
        var call = ActorCall.Callback($"remind/{reminder.Name}", body);
        return Watched(FlowKind.Reminded, reminder.Actor, reminder.Name, reminder.Attempts + 1, () =>
            InSomeLife(async () => placement.OwnerNow(reminder.Actor) == home
                ? await home.Turn(reminder.Actor, call, ct)
                : throw new ActorMovedException()));
    }

    async Task Watched(FlowKind kind, ActorId id, string name, int attempt, Func<Task<ActorReply>> callBack)
    {
        var (time, start) = (sidecar.Host.Time, sidecar.Host.Time.GetTimestamp());
        var outcome = "";
        try
        {
            var reply = await callBack();
            if (reply.IsFault) throw new ActorException("actor error with details in body");
        }
        catch (ActorException e)
        {
            outcome = e.Message;
            throw;
        }
        finally
        {
            sidecar.Host.Flow.Report(new(
                time.GetUtcNow(), kind, sidecar.Options.AppId, "", id.Type, "", name, id.Id, attempt, outcome,
                time.GetElapsedTime(start).TotalMilliseconds, ""));
        }
    }

    /// <summary>A type that no policy names is looked for again, five times, a second apart.</summary>
    Task<ActorReply> Find(ActorId id, ActorCall call, CancellationToken ct)
    {
        if (sidecar.Policies.TargetsActor(id.Type)) return CallOwner(id, call, ct);
        return sidecar.Policies.BuiltIn(PolicySet.BuiltInActorNotFoundRetries).Run(
            (_, attemptCt) => CallOwner(id, call, attemptCt), _ => Verdict.Success,
            error => IsOfPlacement(error) ? Verdict.Failure : Verdict.Permanent, ct);
    }

    /// <summary>Nobody's failure: the actor is between two hosts, or between two lives.</summary>
    static bool IsOfPlacement(Exception error) =>
        error is NoAddressException or ActorMovedException or ActorClosedException;

    async Task<ActorReply> CallOwner(ActorId id, ActorCall call, CancellationToken ct)
    {
        await home.Joined.WaitAsync(ct);
        return await InSomeLife(async () =>
        {
            var owner = await placement.Owner(id, ct) ?? throw new NoAddressException(id);
            return owner == home ? await home.Turn(id, call, ct) : await CallRemote(owner, id, call, ct);
        });
    }

    /// <summary>An actor that is deactivated while a call waits for it takes the call in its next life.</summary>
    static async Task<ActorReply> InSomeLife(Func<Task<ActorReply>> call)
    {
        for (var life = 1; life < LivesMax; life++)
        {
            try
            {
                return await call();
            }
            catch (ActorClosedException)
            {
                // Tried once more below.
            }
        }

        return await call();
    }

    static async Task<ActorReply> CallRemote(ActorRuntime owner, ActorId id, ActorCall call, CancellationToken ct)
    {
        try
        {
            return await owner.Turn(id, call.IsCallback ? call : call.With("x-dapr-remote", "true"), ct);
        }
        catch (ActorException e) when (!IsOfPlacement(e))
        {
            throw new ActorException($"rpc error: code = Internal desc = error invoke actor method: {e.Message}", e);
        }
    }
}
