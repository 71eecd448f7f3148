namespace Ticketing.Sidecar.PubSub;

/// <summary>Publishes the app's messages and the subscriptions' dead letters.</summary>
sealed class Publisher(AppSidecar sidecar)
{
    readonly Dictionary<string, TopicScopes> _scopes = sidecar.Components.PubSubs
        .ToDictionary(pubSub => pubSub.Key, pubSub => new TopicScopes(pubSub.Value.Properties, sidecar.Options.AppId));

    string AppId => sidecar.Options.AppId;

    public bool MaySubscribe(string pubSub, string topic) => _scopes[pubSub].MaySubscribe(topic);

    /// <summary>Checks a request without its body; null if it is valid.</summary>
    public DaprError? Check(string pubSub, string topic, IReadOnlyDictionary<string, string> metadata, bool isRpc)
    {
        if (pubSub.Length == 0) return PubSubErrors.NameEmpty(metadata);
        if (!_scopes.ContainsKey(pubSub)) return PubSubErrors.NotFound(pubSub, isRpc ? null : metadata);
        if (topic.Length == 0) return PubSubErrors.TopicEmpty(pubSub, metadata);
        return IsRaw(metadata) ? PubSubErrors.RawPayload(pubSub, metadata) : null;
    }

    /// <summary>Whether the request asks for raw bytes without a CloudEvent, which is not supported.</summary>
    public static bool IsRaw(IReadOnlyDictionary<string, string> metadata) =>
        ComponentProperties.IsTruthy(metadata.GetValueOrDefault("rawPayload"));

    /// <summary>Wraps and publishes; the request has passed <see cref="Check"/>.</summary>
    public async Task<DaprError?> PublishAsync(Publication publication, CancellationToken ct)
    {
        var (pubSub, topic) = (publication.PubSub, publication.Topic);
        CloudEvent published;
        try
        {
            published = Wrap(publication);
        }
        catch (FormatException fault)
        {
            return PubSubErrors.NoCloudEvent(pubSub, AppId, fault.Message);
        }

        var start = sidecar.Host.Time.GetTimestamp();
        var error = await SendAsync(pubSub, new(topic, published.Json, publication.Metadata), ct);
        sidecar.Host.Flow.Report(new(
            sidecar.Host.Time.GetUtcNow(), error is null ? FlowKind.Published : FlowKind.PublishFailed, AppId, pubSub,
            topic, published.Id, published.Type, published.Subject, 0, error?.Message ?? "",
            sidecar.Host.Time.GetElapsedTime(start).TotalMilliseconds, published.TraceParent));
        return error;
    }

    /// <summary>Publishes bytes, if the topic's scopes allow it.</summary>
    public async Task<DaprError?> SendAsync(string pubSub, BrokerMessage message, CancellationToken ct)
    {
        if (!_scopes[pubSub].MayPublish(message.Topic)) return PubSubErrors.Forbidden(pubSub, message.Topic, AppId);
        try
        {
            await ((IPubSub)sidecar.Components.PubSubs[pubSub].Instance).PublishAsync(message, ct);
            return null;
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            return PubSubErrors.NotPublished(pubSub, message.Topic, error.Message);
        }
    }

    CloudEvent Wrap(Publication publication)
    {
        var time = sidecar.Host.Time;
        var broker = sidecar.Components.PubSubs[publication.PubSub].Instance;
        DateTimeOffset? expires = null;
        var brokerExpires = broker.Capabilities.Contains(BrokerCapabilities.MessageTtl);
        if (!brokerExpires && MessageTtl.Find(publication.Metadata) is { } ttl)
            expires = MessageTtl.End(time.GetUtcNow(), ttl);
        return CloudEvent.From(publication, AppId, time.GetLocalNow(), expires, sidecar.Host.NewId);
    }
}

/// <summary>Capabilities of brokers that change what the sidecar does; the names are daprd's.</summary>
static class BrokerCapabilities
{
    /// <summary>The broker itself drops expired messages.</summary>
    public const string MessageTtl = "MESSAGE_TTL";

    public const string SubscribeWildcards = "SUBSCRIBE_WILDCARDS";
}
