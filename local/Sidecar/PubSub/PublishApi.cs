namespace Ticketing.Sidecar.PubSub;

/// <summary><c>POST /v1.0/publish/{pubsub}/{topic}</c>; a topic may contain slashes.</summary>
sealed class PublishApi(AppSidecar sidecar, Publisher publisher)
{
    public void Map(RouteTable routes)
    {
        routes.Map("POST PUT", "/v1.0/publish/{pubsub}/*", (http, values) => PublishAsync(http, values[0], values[1]));
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
