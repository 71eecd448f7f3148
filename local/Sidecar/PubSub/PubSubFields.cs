namespace Ticketing.Sidecar.PubSub;

static class PubSubFields
{
    /// <summary>The metadata that every broker component knows.</summary>
    public static readonly IReadOnlyList<string> Common =
        ["consumerID", "publishingScopes", "subscriptionScopes", "allowedTopics", "protectedTopics"];
}
