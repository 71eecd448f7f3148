namespace Ticketing.Sidecar.PubSub;

/// <summary>The one way to a broker: what the app publishes, and what a subscription dead-letters.</summary>
sealed class Publisher(AppSidecar sidecar)
{
    readonly Dictionary<string, TopicScopes> _scopes = sidecar.Components.PubSubs
        .ToDictionary(pubSub => pubSub.Key, pubSub => new TopicScopes(pubSub.Value.Properties, sidecar.Options.AppId));

    string AppId => sidecar.Options.AppId;

    public bool MaySubscribe(string pubSub, string topic) => _scopes[pubSub].MaySubscribe(topic);

    /// <summary>What is wrong with a request before its body matters; null when nothing is.</summary>
    public DaprError? Check(
        string pubSub, string topic, IReadOnlyDictionary<string, string> metadata, bool isRpc, out bool isRaw)
    {
        isRaw = false;
        if (pubSub.Length == 0) return PubSubErrors.NameEmpty(metadata);
        if (!_scopes.ContainsKey(pubSub)) return PubSubErrors.NotFound(pubSub, isRpc ? null : metadata);
        if (topic.Length == 0) return PubSubErrors.TopicEmpty(pubSub, metadata);
        return TryReadRaw(metadata, out isRaw)
            ? null
            : PubSubErrors.RawPayload(pubSub, metadata["rawPayload"], metadata);
    }

    /// <summary>Wraps and publishes; the request has passed <see cref="Check"/>.</summary>
    public async Task<DaprError?> PublishAsync(Publication publication, bool isRaw, CancellationToken ct)
    {
        var (pubSub, topic) = (publication.PubSub, publication.Topic);
        var pubSubEvent = new CloudEvent(publication.Data, "", "", "", publication.TraceParent);
        try
        {
            if (!isRaw) pubSubEvent = Wrap(publication);
        }
        catch (FormatException fault)
        {
            return PubSubErrors.NoCloudEvent(pubSub, AppId, fault.Message);
        }

        var start = sidecar.Host.Time.GetTimestamp();
        var error = await SendAsync(pubSub, new(topic, pubSubEvent.Json, null, publication.Metadata), ct);
        sidecar.Host.Flow.Report(new(
            sidecar.Host.Time.GetUtcNow(), error is null ? FlowKind.Published : FlowKind.PublishFailed, AppId, pubSub,
            topic, pubSubEvent.Id, pubSubEvent.Type, pubSubEvent.Subject, 0, error?.Message ?? "",
            sidecar.Host.Time.GetElapsedTime(start).TotalMilliseconds, pubSubEvent.TraceParent));
        return error;
    }

    /// <summary>Hands bytes to the broker, if the topic's scopes allow it, under the component's outbound
    /// policy.</summary>
    public async Task<DaprError?> SendAsync(string pubSub, BrokerMessage message, CancellationToken ct)
    {
        if (!_scopes[pubSub].MayPublish(message.Topic)) return PubSubErrors.Forbidden(pubSub, message.Topic, AppId);
        var loaded = sidecar.Components.PubSubs[pubSub];
        var broker = (IPubSub)loaded.Instance;
        var onBroker = message with { Topic = BrokerTopic(loaded, message.Topic) };
        try
        {
            var policy = sidecar.Policies.Outbound(pubSub, ComponentKind.Pubsub);
            await policy.Run(attemptCt => broker.PublishAsync(onBroker, attemptCt), ct);
            return null;
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            return PubSubErrors.NotPublished(pubSub, message.Topic, error.Message);
        }
    }

    /// <summary>A component that says <c>{namespace}</c> anywhere keeps its topics apart by namespace.</summary>
    public string BrokerTopic(Loaded pubSub, string topic) =>
        IsNamespaced(pubSub.Spec) ? sidecar.Options.Namespace + topic : topic;

    static bool IsNamespaced(Component component) =>
        component.Metadata.Any(item => item.Value.Contains("{namespace}", StringComparison.Ordinal));

    CloudEvent Wrap(Publication publication)
    {
        var time = sidecar.Host.Time;
        var broker = sidecar.Components.PubSubs[publication.PubSub].Instance;
        DateTimeOffset? expires = null;
        if (!broker.Capabilities.Contains(BrokerCapabilities.MessageTtl) && MessageTtl.Find(publication.Metadata) is { } ttl)
            expires = MessageTtl.End(time.GetUtcNow(), ttl);
        return CloudEvent.From(publication, AppId, time.GetLocalNow(), expires, sidecar.Host.NewId);
    }

    /// <summary>False when the metadata's <c>rawPayload</c> is no boolean in one of the spellings that daprd takes.</summary>
    public static bool TryReadRaw(IReadOnlyDictionary<string, string> metadata, out bool isRaw)
    {
        isRaw = false;
        if (!metadata.TryGetValue("rawPayload", out var text) || text.Length == 0) return true;
        isRaw = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return isRaw || text is "0" or "f" or "F" or "false" or "FALSE" or "False";
    }
}

/// <summary>Capabilities of brokers that change what the sidecar does; the names are daprd's.</summary>
static class BrokerCapabilities
{
    /// <summary>The broker itself forgets messages that live too long.</summary>
    public const string MessageTtl = "MESSAGE_TTL";

    public const string SubscribeWildcards = "SUBSCRIBE_WILDCARDS";
}
