namespace Ticketing.Sidecar.PubSub;

/// <summary>Which topics of a component an app may publish to and subscribe to.</summary>
sealed class TopicScopes(ComponentProperties properties, string appId)
{
    readonly HashSet<string> _allowed = Topics(properties.Text("allowedTopics", ""));
    readonly HashSet<string> _protected = Topics(properties.Text("protectedTopics", ""));
    readonly HashSet<string> _publishing = Scoped(properties.Text("publishingScopes", ""), appId);
    readonly HashSet<string> _subscribing = Scoped(properties.Text("subscriptionScopes", ""), appId);

    public bool MayPublish(string topic) => IsAllowed(topic, _publishing);

    public bool MaySubscribe(string topic) => IsAllowed(topic, _subscribing);

    // An app that no scope names may use every topic that is not protected.
    bool IsAllowed(string topic, HashSet<string> scoped)
    {
        if (_allowed.Count > 0 && !_allowed.Contains(topic)) return false;
        return scoped.Count == 0 ? !_protected.Contains(topic) : scoped.Contains(topic);
    }

    /// <summary>The app's entry of <c>app1=a,b;app2=</c>: an app without topics gets "", which matches no
    /// topic.</summary>
    static HashSet<string> Scoped(string text, string appId) => text.Replace(" ", "").Split(';')
        .Select(entry => entry.Split('='))
        .Where(entry => entry.Length >= 2 && entry[0] == appId)
        .SelectMany(entry => entry[1].Split(','))
        .ToHashSet(StringComparer.Ordinal);

    static HashSet<string> Topics(string text) =>
        text.Length == 0 ? [] : [.. text.Replace(" ", "").Split(',')];
}
