using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Actors;

/// <summary><c>/v1.0/actors/{type}/{id}/state</c>: reads for any actor, writes only for one that is active here, all of
/// a request at once. Keys are <c>appID||type||id||key</c>, whatever prefix the store has for others.</summary>
sealed class ActorState(AppSidecar sidecar, ActorRuntime runtime, StateStoreEntry? store)
{
    const string Ttl = "ttlInSeconds";
    const string TtlFeature = "ActorStateTTL";

    readonly bool _canExpire = sidecar.Resources.Configuration.IsFeatureOn(TtlFeature);

    public void Map(RouteTable routes)
    {
        routes.Map("GET", "/v1.0/actors/{type}/{id}/state/{key}", GetAsync);
        routes.Map("POST PUT", "/v1.0/actors/{type}/{id}/state", SaveAsync);
    }

    async Task GetAsync(HttpContext http, string[] values)
    {
        if (Refusal(values[0]) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        try
        {
            var item = await store!.GetAsync(Key(new ActorId(values[0], values[1]), values[2]), http.RequestAborted);
            if (item is null || item.Value.IsEmpty)
            {
                await http.WriteNoContentAsync();
                return;
            }

            if (item.ExpiresAt is { } expiry)
                http.Response.Headers["metadata.ttlExpireTime"] = StateItem.FormatExpiry(expiry);
            await http.WriteBytesAsync(StatusCodes.Status200OK, "application/json", item.Value);
        }
        catch (StateStoreException e)
        {
            await http.WriteErrorAsync(ActorAnswers.GetState(e.Message));
        }
    }

    async Task SaveAsync(HttpContext http, string[] values)
    {
        var actor = new ActorId(values[0], values[1]);
        var answer = Refusal(actor.Type) ?? await SaveAsync(http, actor);
        await (answer is null ? http.WriteNoContentAsync() : http.WriteErrorAsync(answer));
    }

    async Task<DaprError?> SaveAsync(HttpContext http, ActorId actor)
    {
        List<ActorStateWrite> writes;
        try
        {
            var body = await http.ReadBodyAsync(sidecar.Options.MaxBodyBytes);
            writes = ActorStateWrite.Read(body.Span, store!.Store.JsonStyle);
        }
        catch (Exception e) when (e is FormatException or BodyTooLargeException)
        {
            return DaprErrors.MalformedBody(e.Message);
        }

        if (!runtime.Table.IsActive(actor)) return ActorAnswers.NotActive;
        foreach (var write in writes)
            if (Fault(write) is { } fault) return ActorAnswers.SaveState(fault);
        if (writes.Count == 0) return null;
        var outcome = await store.TransactAsync(
            [.. writes.Select(write => Operation(actor, write))], StateRequest.NoMetadata, http.RequestAborted);
        return outcome.IsDone ? null : ActorAnswers.SaveState(outcome.Text);
    }

    StateOperation Operation(ActorId actor, ActorStateWrite write) => write.Operation == "upsert"
        ? new StateSet(Key(actor, write.Key), write.Value, write.ETag, StateConcurrency.Unspecified, write.Metadata)
        : new StateDelete(Key(actor, write.Key), write.ETag, StateConcurrency.Unspecified, StateRequest.NoMetadata);

    string? Fault(ActorStateWrite write) => write switch
    {
        { HasRequest: false } => "request data is empty",
        { Operation: "" } => "operation is empty",
        { Operation: not ("upsert" or "delete") } => $"operation type {write.Operation} not supported",
        { Key: "" } => "missing key",
        { Operation: "upsert" } when write.Metadata.ContainsKey(Ttl) && !_canExpire =>
            $"{Ttl} is not supported without the \"{TtlFeature}\" feature enabled",
        _ => null,
    };

    DaprError? Refusal(string type) =>
        type.StartsWith("dapr.internal.", StringComparison.Ordinal) ? ActorAnswers.Reserved(type)
        : store is null ? ActorAnswers.NoStore
        : null;

    string Key(ActorId actor, string key) => $"{sidecar.Options.AppId}||{actor.Key}||{key}";
}
