namespace Ticketing.Sidecar.PubSub;

/// <summary>A topic that an app subscribes to, and the routes of its events.</summary>
/// <param name="DeadLetterTopic">"" for none.</param>
sealed record TopicSubscription(
    string PubSub, string Topic, string DeadLetterTopic, IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<Route> Routes)
{
    public SubscriptionInfo ToInfo() => new(
        PubSub, Topic, Metadata, [.. Routes.Select(route => new RoutingRule(route.Match?.Text ?? "", route.Path))],
        DeadLetterTopic);

    /// <summary>The path of the first route that matches; null when none does.</summary>
    /// <exception cref="InvalidOperationException">A rule cannot be evaluated: a field is missing, for
    /// example.</exception>
    public string? PathFor(IncomingEvent incoming)
    {
        Dictionary<string, object?>? variables = null;
        foreach (var route in Routes)
            if (route.Match is null || route.Match.IsTrue(variables ??= incoming.ToVariables())) return route.Path;
        return null;
    }
}

/// <param name="Match">A CEL expression over <c>event</c>; "" matches everything.</param>
public sealed record RoutingRule(string Match, string Path);

/// <param name="Match">Null matches everything.</param>
sealed record Route(Expression? Match, string Path)
{
    /// <exception cref="FormatException">A rule does not compile.</exception>
    public static IReadOnlyList<Route> List(IEnumerable<RoutingRule> rules, string defaultPath)
    {
        var routes = rules
            .Select(rule => new Route(rule.Match.Length == 0 ? null : new Expression(rule.Match), rule.Path)).ToList();
        if (defaultPath.Length > 0) routes.Add(new(null, defaultPath));
        return routes;
    }
}
