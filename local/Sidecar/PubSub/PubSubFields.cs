namespace Ticketing.Sidecar.PubSub;

static class PubSubFields
{
    /// <summary>The metadata that every broker component knows.</summary>
    public static readonly IReadOnlyList<string> Common =
        ["consumerID", "publishingScopes", "subscriptionScopes", "allowedTopics", "protectedTopics"];

    /// <summary>A consumerID that is unique for each sidecar: each gets every message.</summary>
    public static bool IsBroadcast(Component component) => component.Metadata.Any(item =>
        item.Name.Equals("consumerID", StringComparison.OrdinalIgnoreCase)
        && item.Value.Contains("{uuid}", StringComparison.Ordinal));
}
