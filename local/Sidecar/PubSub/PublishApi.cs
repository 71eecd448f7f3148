using Ticketing.Sidecar.Http;

namespace Ticketing.Sidecar.PubSub;

/// <summary><c>POST /v1.0/publish/{pubsub}/{topic}</c>, one event or many; a topic may contain slashes.</summary>
sealed class PublishApi(AppSidecar sidecar, Publisher publisher)
{
    public void Map(RouteTable routes)
    {
        routes.Map("POST PUT", "/v1.0/publish/{pubsub}/*", (http, values) => PublishAsync(http, values[0], values[1]));
        foreach (var version in new[] { "v1.0", "v1.0-alpha1" })
            routes.Map("POST PUT", $"/{version}/publish/bulk/{{pubsub}}/*",
                (http, values) => BulkAsync(http, values[0], values[1]));
    }

    async Task PublishAsync(HttpContext http, string pubSub, string topic)
    {
        var metadata = http.QueryMetadata();
        var refusal = publisher.Check(pubSub, topic, metadata, isRpc: false, out var isRaw);
        if (refusal is null)
        {
            var (body, fault) = await ReadBodyAsync(http);
            refusal = fault is not null
                ? PubSubErrors.NotPublished(pubSub, topic, fault)
                : await publisher.PublishAsync(
                    Publication(http, pubSub, topic, body, metadata), isRaw, http.RequestAborted);
        }

        await (refusal is null ? http.WriteNoContentAsync() : http.WriteErrorAsync(refusal));
    }

    async Task BulkAsync(HttpContext http, string pubSub, string topic)
    {
        var metadata = http.QueryMetadata();
        if (publisher.Check(pubSub, topic, metadata, isRpc: false, out var isRaw) is { } refusal)
        {
            await http.WriteErrorAsync(refusal);
            return;
        }

        var (body, fault) = await ReadBodyAsync(http);
        var (entries, error) = fault is not null
            ? ([], PubSubErrors.BadBulkRequest(pubSub, topic, sidecar.Options.AppId, fault))
            : BulkEntry.ReadAll(body.Span, pubSub, topic, sidecar.Options.AppId, metadata);
        if (error is not null)
        {
            await http.WriteErrorAsync(error);
            return;
        }

        var template = Publication(http, pubSub, topic, default, metadata);
        var failed = await publisher.PublishAllAsync(template, entries, isRaw, http.RequestAborted);
        await AnswerAsync(http, failed);
    }

    // What is wrong with the request as a whole is answered as for one event; what the broker refuses, by entry.
    static Task AnswerAsync(HttpContext http, IReadOnlyList<(string EntryId, DaprError Error)> failed)
    {
        if (failed.Count == 0) return http.WriteNoContentAsync();
        if (failed[0].Error is { Code: not "ERR_PUBSUB_PUBLISH_MESSAGE" } refusal) return http.WriteErrorAsync(refusal);
        return http.WriteJsonAsync(StatusCodes.Status500InternalServerError, json =>
        {
            json.StartObject().Name("failedEntries").StartArray();
            foreach (var (entryId, error) in failed)
                json.StartObject().Member("entryId", entryId).Member("error", error.Message).EndObject();
            json.EndArray().Member("errorCode", "ERR_PUBSUB_PUBLISH_MESSAGE").EndObject();
        });
    }

    static Publication Publication(
        HttpContext http,
        string pubSub,
        string topic,
        ReadOnlyMemory<byte> body,
        IReadOnlyDictionary<string, string> metadata) =>
        new(pubSub, topic, body, http.Request.ContentType ?? "", metadata,
            http.Request.Headers.TraceParent.ToString(), http.Request.Headers.TraceState.ToString());

    // One byte more than the limit still passes, as recorded.
    async Task<(ReadOnlyMemory<byte> Body, string? Fault)> ReadBodyAsync(HttpContext http)
    {
        try
        {
            return (await http.ReadBodyAsync(sidecar.Options.MaxBodyBytes + 1), null);
        }
        catch (BodyTooLargeException error)
        {
            return (default, error.Message);
        }
    }
}
