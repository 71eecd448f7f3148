using System.Text.Json;
using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar.State;

/// <summary>The state API over HTTP.</summary>
sealed class StateHttp(StateStores stores, long bodyLimit)
{
    public void Map(RouteTable routes)
    {
        routes.Map("GET", "/v1.0/state/{store}/{key}", GetAsync);
        routes.Map("DELETE", "/v1.0/state/{store}/{key}", DeleteAsync);
        routes.Map("POST PUT", "/v1.0/state/{store}", SaveAsync);
        routes.Map("POST PUT", "/v1.0/state/{store}/bulk", BulkGetAsync);
        routes.Map("POST PUT", "/v1.0/state/{store}/transaction", TransactAsync);
    }

    async Task GetAsync(HttpContext http, string[] values)
    {
        if (Find(values[0], values[1], out var store, out var key) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        try
        {
            await WriteAsync(http, await store.GetAsync(key, http.RequestAborted));
        }
        catch (StateStoreException error)
        {
            await http.WriteErrorAsync(StateErrors.Get(store.Name, values[1], error.Message));
        }
    }

    // An empty value looks like an absent one.
    static Task WriteAsync(HttpContext http, StateItem? item)
    {
        if (item is null || item.Value.IsEmpty) return http.WriteNoContentAsync();
        if (item.ETag is not null) http.Response.Headers.ETag = item.ETag;
        if (item.ExpiresAt is { } expiry) http.Response.Headers["metadata.ttlExpireTime"] = StateItem.FormatExpiry(expiry);
        return http.WriteBytesAsync(StatusCodes.Status200OK, "application/json", item.Value);
    }

    async Task DeleteAsync(HttpContext http, string[] values)
    {
        if (Find(values[0], values[1], out var store, out var key) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
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
        var outcome = await store.DeleteAsync(request.ToDelete(key), http.RequestAborted);
        await AnswerAsync(http, outcome, refused => StateErrors.Delete(values[1], refused));
    }

    async Task SaveAsync(HttpContext http, string[] values)
    {
        if (stores.Find(values[0], out var store) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        List<StateRequest> requests;
        try
        {
            requests = StateBodies.ReadSave((await http.ReadBodyAsync(bodyLimit)).Span, store.Store.JsonStyle);
        }
        catch (Exception error) when (error is FormatException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedRequest(error.Message));
            return;
        }

        if (Sets(store, requests, http.QueryMetadata(), out var sets) is { } malformed) await http.WriteErrorAsync(malformed);
        else if (sets.Count == 0) await http.WriteNoContentAsync();
        else await AnswerAsync(http, await store.SaveAsync(sets, http.RequestAborted), refused => StateErrors.Save(store.Name, refused));
    }

    static DaprError? Sets(
        StateStoreEntry store, List<StateRequest> requests, IReadOnlyDictionary<string, string> query, out List<StateSet> sets)
    {
        sets = new List<StateSet>(requests.Count);
        foreach (var request in requests)
        {
            if (request.Key.Length == 0) return DaprErrors.MalformedRequest("\"key\" is a required field");
            if (store.Prefix.Add(request.Key) is not { } key) return StateErrors.IllegalKey(store.Name, request.Key, request.Key);
            sets.Add(request.Under(query).ToSet(key));
        }

        return null;
    }

    async Task BulkGetAsync(HttpContext http, string[] values)
    {
        if (stores.Find(values[0], out var store) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        try
        {
            var keys = StateBodies.ReadBulkGet((await http.ReadBodyAsync(bodyLimit)).Span);
            if (keys.Find(key => store.Prefix.Add(key) is null) is { } illegal)
            {
                await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, illegal, illegal));
                return;
            }

            var items = keys.Count == 0 ? [] : await store.BulkGetAsync([.. keys.Select(key => store.Prefix.Add(key)!)], http.RequestAborted);
            await http.WriteJsonAsync(StatusCodes.Status200OK, json => WriteItems(json, keys.Count, items), newline: true);
        }
        catch (Exception error) when (error is FormatException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedBody(error.Message));
        }
        catch (StateStoreException error)
        {
            await http.WriteErrorAsync(StateErrors.BulkGet(error.Message));
        }
        catch (JsonException)
        {
            // A value that came as bytes and is no JSON: Go's encoder gives up, and the answer is 200 and empty.
            await http.WriteBytesAsync(StatusCodes.Status200OK, "application/json", ReadOnlyMemory<byte>.Empty);
        }
    }

    // As many entries as were asked for: a key asked for twice leaves an empty one where the store tells it once.
    static void WriteItems(GoJsonWriter json, int asked, IReadOnlyList<BulkStateItem> items)
    {
        json.StartArray();
        for (var i = 0; i < asked; i++)
        {
            var item = i < items.Count ? items[i] : new BulkStateItem("", null);
            json.StartObject().Member("key", KeyPrefix.Remove(item.Key));
            if (item.Item is { Value.IsEmpty: false } found) json.Name("data").Raw(GoCompact.Of(found.Value.Span));
            if (item.Item?.ETag is { } etag) json.Member("etag", etag);
            if (item.Item?.ExpiresAt is { } expiry)
                json.Name("metadata").StartObject().Member("ttlExpireTime", StateItem.FormatExpiry(expiry)).EndObject();
            if (!string.IsNullOrEmpty(item.Error)) json.Member("error", item.Error);
            json.EndObject();
        }

        json.EndArray();
    }

    async Task TransactAsync(HttpContext http, string[] values)
    {
        if (stores.Find(values[0], out var store) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        if (!store.Store.IsTransactional)
        {
            await http.WriteErrorAsync(StateErrors.NoTransactions(store.Name));
            return;
        }

        StateTransaction transaction;
        try
        {
            transaction = StateBodies.ReadTransaction((await http.ReadBodyAsync(bodyLimit)).Span, store.Store.JsonStyle);
        }
        catch (Exception error) when (error is FormatException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedBody(error.Message));
            return;
        }

        var query = http.QueryMetadata();
        if (Operations(store, transaction, query, out var operations) is { } malformed) await http.WriteErrorAsync(malformed);
        else if (operations.Count == 0) await http.WriteNoContentAsync();
        else
        {
            var metadata = StateRequest.Merge(transaction.Metadata, query);
            await AnswerAsync(http, await store.TransactAsync(operations, metadata, http.RequestAborted), StateErrors.Transaction);
        }
    }

    static DaprError? Operations(
        StateStoreEntry store, StateTransaction transaction, IReadOnlyDictionary<string, string> query, out List<StateOperation> operations)
    {
        operations = new List<StateOperation>(transaction.Operations.Count);
        foreach (var (operation, request) in transaction.Operations)
        {
            if (operation is not ("upsert" or "delete")) return StateErrors.UnknownOperation(operation);
            if (store.Prefix.Add(request.Key) is not { } key) return StateErrors.IllegalKey(store.Name, request.Key, field: "");
            operations.Add(operation == "upsert" ? request.Under(query).ToSet(key) : request.Under(query).ToDelete(key));
        }

        return null;
    }

    DaprError? Find(string name, string key, out StateStoreEntry store, out string storedKey)
    {
        storedKey = "";
        if (stores.Find(name, out store) is { } refusal) return refusal;
        if (store.Prefix.Add(key) is not { } stored) return StateErrors.IllegalKey(name, key, key);
        storedKey = stored;
        return null;
    }

    static Task AnswerAsync(HttpContext http, StateOutcome outcome, Func<StateOutcome, DaprError> refused) =>
        outcome.IsDone ? http.WriteNoContentAsync() : http.WriteErrorAsync(refused(outcome));
}
