namespace Ticketing.Sidecar.State;

/// <summary>Reading state over HTTP: one key, or many.</summary>
sealed class StateReads(StateStores stores, long bodyLimit)
{
    public void Map(RouteTable routes)
    {
        routes.Map("GET", "/v1.0/state/{store}/{key}", stores.Route(GetAsync));
        routes.Map("POST PUT", "/v1.0/state/{store}/bulk", stores.Route(BulkGetAsync));
    }

    static async Task GetAsync(HttpContext http, NamedStore store, string[] values)
    {
        var key = values[1];
        if (store.Stored(key) is not { } stored)
        {
            await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, key, key));
            return;
        }

        try
        {
            await WriteAsync(http, await store.Store.GetAsync(stored, http.RequestAborted));
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
            http.Response.Headers["metadata.ttlExpireTime"] = Rfc3339.FormatSeconds(expiry);
        return http.WriteBytesAsync(StatusCodes.Status200OK, "application/json", item.Value);
    }

    async Task BulkGetAsync(HttpContext http, NamedStore store, string[] values)
    {
        List<string> keys;
        try
        {
            keys = StateBodies.ReadBulkGet((await http.ReadBodyAsync(bodyLimit)).Span);
        }
        catch (Exception error) when (error is JsonException or BodyTooLargeException)
        {
            await http.WriteErrorAsync(DaprErrors.MalformedBody(error.Message));
            return;
        }

        try
        {
            if (keys.Find(key => store.Stored(key) is null) is { } illegal)
            {
                await http.WriteErrorAsync(StateErrors.IllegalKey(store.Name, illegal, illegal));
                return;
            }

            var stored = keys.ConvertAll(key => store.Stored(key)!);
            var items = stored.Count == 0 ? [] : await store.Store.BulkGetAsync(stored, http.RequestAborted);
            await http.WriteJsonAsync(
                StatusCodes.Status200OK, json => WriteItems(json, keys.Count, items), newline: true);
        }
        catch (Exception error) when (error is StateStoreException or JsonException)
        {
            // A value saved over gRPC may not be JSON.
            await http.WriteErrorAsync(StateErrors.BulkGet(error.Message));
        }
    }

    // One entry for each requested key: if a store returns a duplicate key once, an empty entry is added.
    static void WriteItems(Utf8JsonWriter json, int asked, IReadOnlyList<BulkStateItem> items)
    {
        json.WriteStartArray();
        for (var i = 0; i < asked; i++) WriteItem(json, i < items.Count ? items[i] : new BulkStateItem("", null));
        json.WriteEndArray();
    }

    static void WriteItem(Utf8JsonWriter json, BulkStateItem item)
    {
        json.WriteStartObject();
        json.WriteString("key", NamedStore.KeyOf(item.Key));
        if (item.Item is { Value.IsEmpty: false } found)
        {
            json.WritePropertyName("data");
            DaprJson.Read(found.Value.Span).WriteTo(json);
        }

        if (item.Item?.ETag is { } etag) json.WriteString("etag", etag);
        if (item.Item?.ExpiresAt is { } expiry)
        {
            json.WriteStartObject("metadata");
            json.WriteString("ttlExpireTime", Rfc3339.FormatSeconds(expiry));
            json.WriteEndObject();
        }

        if (!string.IsNullOrEmpty(item.Error)) json.WriteString("error", item.Error);
        json.WriteEndObject();
    }
}
