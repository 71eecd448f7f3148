namespace Ticketing.Sidecar.PubSub;

/// <summary>Asks the app what it subscribes to.</summary>
static class SubscriptionDiscovery
{
    /// <summary>Asks <c>GET /dapr/subscribe</c>; as in daprd, a rule that does not compile or an invalid response means
    /// no subscriptions; of two for one topic the last is used.</summary>
    /// <exception cref="HttpRequestException">The app did not answer.</exception>
    public static async Task<IReadOnlyList<TopicSubscription>> AskAsync(
        AppSidecar sidecar, ILogger log, CancellationToken ct)
    {
        try
        {
            var policy = sidecar.Policies.InitializationRetries;
            var items = await policy.Run(attemptCt => RequestAsync(sidecar, log, attemptCt), ct);
            return [.. items.Select(item => item.ToSubscription()).Where(subscription => HasRoute(subscription, log))
                .Reverse().DistinctBy(subscription => (subscription.PubSub, subscription.Topic)).Reverse()];
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            PubSubLog.NoSubscriptions(log, sidecar.Options.AppId, error.Message);
            return [];
        }
    }

    static async Task<IReadOnlyList<Item>> RequestAsync(AppSidecar sidecar, ILogger log, CancellationToken ct)
    {
        var (status, body) = await sidecar.App.AskAsync("dapr/subscribe", ct);
        if (status != StatusCodes.Status200OK)
        {
            if (status != StatusCodes.Status404NotFound)
                PubSubLog.NoSubscriptions(log, sidecar.Options.AppId, $"the app answered {status}");
            return [];
        }

        if (body.Length == 0) return [];
        return JsonSerializer.Deserialize(body, SidecarJson.Default.IReadOnlyListItem) ?? [];
    }

    static bool HasRoute(TopicSubscription subscription, ILogger log)
    {
        if (subscription.Routes.Count > 0) return true;
        PubSubLog.SubscriptionRefused(log, subscription.PubSub, subscription.Topic, "it has no route");
        return false;
    }

    /// <summary>A subscription in the app's response; names are case-insensitive.</summary>
    internal sealed record Item(
        string? PubSubName, string? Topic, string? DeadLetterTopic, Dictionary<string, string>? Metadata,
        string? Route, ItemRoutes? Routes, ItemBulk? BulkSubscribe)
    {
        /// <exception cref="FormatException">A rule does not compile, or uses an unsupported feature.</exception>
        public TopicSubscription ToSubscription()
        {
            if (BulkSubscribe is { Enabled: true } || Publisher.IsRaw(Metadata ?? []))
                throw new FormatException(
                    $"topic {Topic}: bulkSubscribe and rawPayload are not supported by this sidecar");
            return new(
                PubSubName ?? "", Topic ?? "", DeadLetterTopic ?? "", Metadata ?? [],
                PubSub.Route.List(
                    Routes?.Rules?.Select(rule => new RoutingRule(rule.Match ?? "", rule.Path ?? "")) ?? [],
                    Routes?.Default is { Length: > 0 } path ? path : Route ?? ""));
        }
    }

    internal sealed record ItemRoutes(List<ItemRule>? Rules, string? Default);

    internal sealed record ItemRule(string? Match, string? Path);

    internal sealed record ItemBulk(bool Enabled);
}
