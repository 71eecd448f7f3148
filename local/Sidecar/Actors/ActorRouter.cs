namespace Ticketing.Sidecar.Actors;

/// <summary>Calls actors from one sidecar: finds the owner, follows moved actors, retries.</summary>
sealed class ActorRouter(AppSidecar sidecar, ActorPlacement placement, ActorRuntime home)
{
    /// <summary>How many instances of an actor a call waits for before it counts as failed.</summary>
    const int InstancesMax = 5;

    /// <summary>Sends a timer's tick to the actor's owner.</summary>
    /// <exception cref="ActorException">As <see cref="Invoke"/>, and when the reply tells of a failure.</exception>
    public Task Tick(ActorTimer timer, CancellationToken ct)
    {
        var (actor, call) = (timer.Actor, ActorCall.Callback($"timer/{timer.Name}", timer.Body));
        return Watched(FlowKind.Ticked, actor, timer.Name, 1, () => Invoke(actor, call, ct));
    }

    /// <summary>Sends a reminder to its actor, which is hosted here.</summary>
    /// <exception cref="ActorMovedException">It is not hosted here any more; the attempt does not count as
    /// failed.</exception>
    /// <exception cref="ActorException">As <see cref="Tick"/>.</exception>
    public Task Remind(Reminder reminder, CancellationToken ct)
    {
        // As in Dapr, where the Scheduler does not store the original times, they are not sent.
        var body = ScheduleRequest.Body(reminder.Data, null, "", "");
        var call = ActorCall.Callback($"remind/{reminder.Name}", body);
        return Watched(FlowKind.Reminded, reminder.Actor, reminder.Name, reminder.Attempts + 1, () =>
            InCurrentInstance(async () => placement.OwnerNow(reminder.Actor) == home
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

    /// <summary>Calls an actor at its owner. If no sidecar hosts its type, retries five times, a second
    /// apart.</summary>
    /// <exception cref="ActorException">It could not be found, or answered with an error.</exception>
    public Task<ActorReply> Invoke(ActorId id, ActorCall call, CancellationToken ct) =>
        sidecar.Policies.ActorNotFoundRetries.Run(
            (_, attemptCt) => CallOwner(id, call, attemptCt), _ => Verdict.Success,
            error => IsOfPlacement(error) ? Verdict.Failure : Verdict.Permanent, ct);

    /// <summary>The actor is moving to another host or instance: a retry may reach it.</summary>
    static bool IsOfPlacement(Exception error) =>
        error is NoAddressException or ActorMovedException or ActorClosedException;

    async Task<ActorReply> CallOwner(ActorId id, ActorCall call, CancellationToken ct)
    {
        await home.Joined.WaitAsync(ct);
        return await InCurrentInstance(async () =>
        {
            var owner = await placement.Owner(id, ct) ?? throw new NoAddressException(id);
            return owner == home ? await home.Turn(id, call, ct) : await CallRemote(owner, id, call, ct);
        });
    }

    /// <summary>A call that waits for an actor which is deactivated meanwhile goes to the actor's next
    /// instance.</summary>
    static async Task<ActorReply> InCurrentInstance(Func<Task<ActorReply>> call)
    {
        for (var instance = 1; instance < InstancesMax; instance++)
        {
            try
            {
                return await call();
            }
            catch (ActorClosedException)
            {
                // Retried below.
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
