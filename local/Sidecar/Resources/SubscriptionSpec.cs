namespace Ticketing.Sidecar.Resources;

/// <summary>A declarative Subscription; v1alpha1's single <c>route</c> is the default route of v2alpha1.</summary>
/// <param name="DefaultRoute">"" when no default is given.</param>
public sealed record SubscriptionSpec(
    string Name,
    string PubSubName,
    string Topic,
    string DefaultRoute,
    IReadOnlyList<RoutingRule> Rules,
    string DeadLetterTopic,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<string> Scopes,
    string File);

/// <param name="Match">A CEL expression over <c>event</c>; "" matches everything.</param>
public sealed record RoutingRule(string Match, string Path);
