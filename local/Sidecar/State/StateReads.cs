using System.Text.Json;
using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar.State;

/// <summary>Reading state over HTTP: one key, or many.</summary>
sealed class StateReads(StateStores stores, long bodyLimit)
{
    public void Map(RouteTable routes)
    {
        routes.Map("GET", "/v1.0/state/{store}/{key}", stores.Route(GetAsync));
        routes.Map("POST PUT", "/v1.0/state/{store}/bulk", stores.Route(BulkGetAsync));
    }

    static async Task GetAsync(HttpContext http, StateStoreEntry store, string[] values)
    {
        var key = values[1];
        if (store.Prefix.Add(key) is not { } stored)
        {
            await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, key, key));
            return;
        }

        try
        {
            await WriteAsync(http, await store.GetAsync(stored, http.RequestAborted));
        }
        catch (StateStoreException error)
        {
            await http.WriteErrorAsync(StateErrors.Get(store.Name, key, error.Message));
        }
    }

    // An empty value looks like an absent one.
    static Task WriteAsync(HttpContext http, StateItem? item)
    {
        if (item is null || item.Value.IsEmpty) return http.WriteNoContentAsync();
        if (item.ETag is not null) http.Response.Headers.ETag = item.ETag;
        if (item.ExpiresAt is { } expiry)
            http.Response.Headers["metadata.ttlExpireTime"] = StateItem.FormatExpiry(expiry);
        return http.WriteBytesAsync(StatusCodes.Status200OK, "application/json", item.Value);
    }

    async Task BulkGetAsync(HttpContext http, StateStoreEntry store, string[] values)
    {
        try
        {
            var keys = StateBodies.ReadBulkGet((await http.ReadBodyAsync(bodyLimit)).Span);
            if (keys.Find(key => store.Prefix.Add(key) is null) is { } illegal)
            {
                await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, illegal, illegal));
                return;
            }

            var stored = keys.ConvertAll(key => store.Prefix.Add(key)!);
            var items = stored.Count == 0 ? [] : await store.BulkGetAsync(stored, http.RequestAborted);
            await http.WriteJsonAsync(
                StatusCodes.Status200OK, json => WriteItems(json, keys.Count, items), newline: true);
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
        for (var i = 0; i < asked; i++) WriteItem(json, i < items.Count ? items[i] : new BulkStateItem("", null));
        json.EndArray();
    }

    static void WriteItem(GoJsonWriter json, BulkStateItem item)
    {
        json.StartObject().Member("key", KeyPrefix.Remove(item.Key));
        if (item.Item is { Value.IsEmpty: false } found) json.Name("data").Raw(GoCompact.Of(found.Value.Span));
        if (item.Item?.ETag is { } etag) json.Member("etag", etag);
        if (item.Item?.ExpiresAt is { } expiry)
            json.Name("metadata").StartObject().Member("ttlExpireTime", StateItem.FormatExpiry(expiry)).EndObject();
        if (!string.IsNullOrEmpty(item.Error)) json.Member("error", item.Error);
        json.EndObject();
    }
}
