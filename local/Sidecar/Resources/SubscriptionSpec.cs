namespace Ticketing.Sidecar.Resources;

/// <summary>A declarative Subscription; v1alpha1's single <c>route</c> is the default route of v2alpha1.</summary>
/// <param name="DefaultRoute">"" when no default is given.</param>
/// <param name="BulkSubscribe">Null when the section is absent.</param>
public sealed record SubscriptionSpec(
    string Name,
    string PubSubName,
    string Topic,
    string DefaultRoute,
    IReadOnlyList<RoutingRule> Rules,
    string DeadLetterTopic,
    IReadOnlyDictionary<string, string> Metadata,
    BulkSubscribeSpec? BulkSubscribe,
    IReadOnlyList<string> Scopes,
    string File);

/// <param name="Match">A CEL expression over <c>event</c>; "" matches everything.</param>
public sealed record RoutingRule(string Match, string Path);

/// <summary>0 means the default: 100 messages, 1000 ms.</summary>
public sealed record BulkSubscribeSpec(bool Enabled, int MaxMessagesCount, int MaxAwaitDurationMs);
