namespace Ticketing.Sidecar.PubSub;

/// <summary>Says at the start what can lose messages later: most of it is Dapr's defaults.</summary>
static class DeliveryRisks
{
    /// <summary>One line for each setting, of the components that the subscriptions use.</summary>
    public static IEnumerable<string> Of(AppSidecar sidecar, IReadOnlyList<TopicSubscription> subscriptions)
    {
        var used = subscriptions.Select(subscription => subscription.PubSub).Distinct();
        foreach (var name in used)
        {
            if (!sidecar.Components.PubSubs.TryGetValue(name, out var loaded)) continue;
            var broker = (IPubSub)loaded.Instance;
            foreach (var risk in broker.Risks) yield return $"{name}: {risk}";
            if (!broker.ForgetsFailures) continue;
            if (sidecar.Policies.Inbound(name, ComponentKind.Pubsub).Retry is null)
                yield return $"{name}: no retry policy targets it: a handler that fails once loses the message";
            foreach (var topic in WithoutDeadLetters(name, subscriptions))
                yield return $"{name}: topic {topic} has no deadLetterTopic: what fails through all retries is lost";
        }

        if (sidecar.Options.AppHealthCheck is null && subscriptions.Count > 0)
            yield return "no app health check: while the app is down its messages are tried until they are given up";
    }

    static IEnumerable<string> WithoutDeadLetters(string pubSub, IReadOnlyList<TopicSubscription> subscriptions)
    {
        var deadLetters = subscriptions.Select(subscription => subscription.DeadLetterTopic).ToHashSet();
        return subscriptions
            .Where(s => s.PubSub == pubSub && s.DeadLetterTopic.Length == 0 && !deadLetters.Contains(s.Topic))
            .Select(s => s.Topic);
    }
}
