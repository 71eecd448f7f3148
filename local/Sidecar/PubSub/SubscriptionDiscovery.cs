using System.Net;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Finds out what an app subscribes to: what is declared for it in YAML, and what it says when
/// asked.</summary>
static class SubscriptionDiscovery
{
    /// <summary>One subscription a component and topic: of two declared ones the first counts, what the app says
    /// replaces what is declared, and of what it says the last counts.</summary>
    public static IReadOnlyList<TopicSubscription> Merge(
        IEnumerable<TopicSubscription> declared, IReadOnlyList<TopicSubscription> programmatic)
    {
        var said = programmatic.Reverse().DistinctBy(Key).Reverse().ToList();
        var overridden = said.Select(Key).ToHashSet();
        return [.. declared.DistinctBy(Key).Where(subscription => !overridden.Contains(Key(subscription))), .. said];

        static (string, string) Key(TopicSubscription subscription) => (subscription.PubSub, subscription.Topic);
    }

    /// <summary>The declared ones that can be used.</summary>
    public static IEnumerable<TopicSubscription> Declared(AppSidecar sidecar, ILogger log)
    {
        foreach (var spec in sidecar.Resources.Subscriptions)
        {
            if (!sidecar.Components.PubSubs.ContainsKey(spec.PubSubName))
                Log.Resource(log, sidecar.Options.AppId, new ResourceFault(spec.File, $"Subscription {spec.Name}",
                    "spec.pubsubname", $"there is no pubsub '{spec.PubSubName}'").ToString());
            TopicSubscription? subscription = null;
            try
            {
                subscription = TopicSubscription.Declared(spec);
            }
            catch (FormatException error)
            {
                PubSubLog.SubscriptionRefused(log, spec.PubSubName, spec.Topic, error.Message);
            }

            if (subscription is not null && HasRoute(subscription, log)) yield return subscription;
        }
    }

    /// <summary>Asks <c>GET /dapr/subscribe</c>; a rule that does not compile, or an answer that makes no sense, leaves
    /// the app without any, as in daprd.</summary>
    /// <returns>Null: there was no answer.</returns>
    public static async Task<IReadOnlyList<TopicSubscription>?> AskAsync(
        AppSidecar sidecar, ILogger log, CancellationToken ct)
    {
        try
        {
            var policy = sidecar.Policies.BuiltIn(PolicySet.BuiltInInitializationRetries);
            var items = await policy.Run(attemptCt => RequestAsync(sidecar, log, attemptCt), ct);
            return [.. items.Select(item => item.ToSubscription()).Where(subscription => HasRoute(subscription, log))];
        }
        catch (Exception error) when (error is FormatException or JsonException or HttpRequestException)
        {
            PubSubLog.NoSubscriptions(log, sidecar.Options.AppId, error.Message);
            return error is HttpRequestException ? null : [];
        }
    }

    static async Task<IReadOnlyList<Item>> RequestAsync(AppSidecar sidecar, ILogger log, CancellationToken ct)
    {
        using var request = sidecar.App.StartQuestion("dapr/subscribe");
        using var response = await sidecar.App.SendAsync(request, ct);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            if (response.StatusCode != HttpStatusCode.NotFound)
                PubSubLog.NoSubscriptions(log, sidecar.Options.AppId, $"the app answered {(int)response.StatusCode}");
            return [];
        }

        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (body.Length == 0) return [];
        return JsonSerializer.Deserialize(body, SidecarJson.Default.IReadOnlyListItem) ?? [];
    }

    static bool HasRoute(TopicSubscription subscription, ILogger log)
    {
        if (subscription.Routes.Count > 0) return true;
        PubSubLog.SubscriptionRefused(log, subscription.PubSub, subscription.Topic, "it has no route");
        return false;
    }

    /// <summary>As the app says it; names come in any letter case.</summary>
    internal sealed record Item(
        string? PubSubName, string? Topic, string? DeadLetterTopic, Dictionary<string, string>? Metadata,
        string? Route, ItemRoutes? Routes, ItemBulk? BulkSubscribe)
    {
        /// <exception cref="FormatException">A rule does not compile, or it asks for what is not supported.</exception>
        public TopicSubscription ToSubscription() => BulkSubscribe is { Enabled: true }
            ? throw new FormatException($"topic {Topic}: bulkSubscribe is not supported by this sidecar")
            : new(
            PubSubName ?? "", Topic ?? "", DeadLetterTopic ?? "", Metadata ?? [],
            PubSub.Route.List(
                Routes?.Rules?.Select(rule => new RoutingRule(rule.Match ?? "", rule.Path ?? "")) ?? [],
                Routes?.Default is { Length: > 0 } path ? path : Route ?? ""),
            "PROGRAMMATIC");
    }

    internal sealed record ItemRoutes(List<ItemRule>? Rules, string? Default);

    internal sealed record ItemRule(string? Match, string? Path);

    internal sealed record ItemBulk(bool Enabled);
}
