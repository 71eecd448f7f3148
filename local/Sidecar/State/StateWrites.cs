namespace Ticketing.Sidecar.State;

/// <summary>Writing state over HTTP: saves, deletes and transactions.</summary>
sealed class StateWrites(StateStores stores, long bodyLimit)
{
    public void Map(RouteTable routes)
    {
        routes.Map("POST PUT", "/v1.0/state/{store}", stores.Route(SaveAsync));
        routes.Map("DELETE", "/v1.0/state/{store}/{key}", stores.Route(DeleteAsync));
        routes.Map("POST PUT", "/v1.0/state/{store}/transaction", stores.Route(TransactAsync));
    }

    static async Task DeleteAsync(HttpContext http, NamedStore store, string[] values)
    {
        var key = values[1];
        if (store.Stored(key) is not { } stored)
        {
            await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, key, key));
            return;
        }

        var query = http.Request.Query;
        var request = StateRequest.Empty with
        {
            ETag = http.Request.Headers.IfMatch is [var etag, ..] ? etag : null,
            Concurrency = query["concurrency"] is [{ } concurrency, ..] ? concurrency : "",
            Consistency = query["consistency"] is [{ } consistency, ..] ? consistency : "",
            Metadata = http.QueryMetadata(),
        };
        var outcome = await store.DeleteAsync(request.ToDelete(stored), http.RequestAborted);
        await AnswerAsync(http, outcome, refused => StateErrors.Delete(key, refused));
    }

    async Task SaveAsync(HttpContext http, NamedStore store, string[] values)
    {
        List<StateRequest> requests;
        try
        {
            requests = StateBodies.ReadSave((await http.ReadBodyAsync(bodyLimit)).Span);
        }
        catch (Exception error) when (error is JsonException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedRequest(error.Message));
            return;
        }

        if (Sets(store, requests, http.QueryMetadata(), out var sets) is { } malformed)
        {
            await http.WriteErrorAsync(malformed);
            return;
        }

        var outcome = sets.Count == 0 ? StateOutcome.Done : await store.SaveAsync(sets, http.RequestAborted);
        await AnswerAsync(http, outcome, refused => StateErrors.Save(store.Name, refused));
    }

    static DaprError? Sets(
        NamedStore store, List<StateRequest> requests, IReadOnlyDictionary<string, string> query,
            out List<StateSet> sets)
    {
        sets = new List<StateSet>(requests.Count);
        foreach (var request in requests)
        {
            if (request.Key.Length == 0) return DaprErrors.MalformedRequest("\"key\" is a required field");
            if (store.Stored(request.Key) is not { } key)
                return StateErrors.IllegalKey(store.Name, request.Key, request.Key);
            sets.Add(request.Under(query).ToSet(key));
        }

        return null;
    }

    async Task TransactAsync(HttpContext http, NamedStore store, string[] values)
    {
        StateTransaction transaction;
        try
        {
            transaction = StateBodies.ReadTransaction((await http.ReadBodyAsync(bodyLimit)).Span);
        }
        catch (Exception error) when (error is JsonException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedBody(error.Message));
            return;
        }

        var query = http.QueryMetadata();
        if (Operations(store, transaction, query, out var operations) is { } malformed)
        {
            await http.WriteErrorAsync(malformed);
            return;
        }

        var metadata = StateRequest.Merge(transaction.Metadata, query);
        var outcome = operations.Count == 0
            ? StateOutcome.Done
            : await store.TransactAsync(operations, metadata, http.RequestAborted);
        await AnswerAsync(http, outcome, StateErrors.Transaction);
    }

    static DaprError? Operations(
        NamedStore store, StateTransaction transaction, IReadOnlyDictionary<string, string> query,
        out IReadOnlyList<StateOperation> operations)
    {
        var list = new List<StateOperation>(transaction.Operations.Count);
        operations = list;
        foreach (var (operation, request) in transaction.Operations)
        {
            if (operation is not ("upsert" or "delete")) return StateErrors.UnknownOperation(operation);
            if (store.Stored(request.Key) is not { } key)
                return StateErrors.IllegalKey(store.Name, request.Key, field: "");
            var merged = request.Under(query);
            list.Add(operation == "upsert" ? merged.ToSet(key) : merged.ToDelete(key));
        }

        return null;
    }

    static Task AnswerAsync(HttpContext http, StateOutcome outcome, Func<StateOutcome, DaprError> refused) =>
        outcome.IsDone ? http.WriteNoContentAsync() : http.WriteErrorAsync(refused(outcome));
}
