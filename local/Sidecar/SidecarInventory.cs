using System.Collections.Concurrent;

namespace Ticketing.Sidecar;

/// <summary>The data of <c>/v1.0/metadata</c>; each API sets the source of its own part.</summary>
public sealed class SidecarInventory
{
    /// <summary>The app's own entries, set by <c>PUT /v1.0/metadata/{key}</c>.</summary>
    public ConcurrentDictionary<string, string> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>The app's entries, and those that daprd adds for older clients.</summary>
    public IEnumerable<KeyValuePair<string, string>> Extended => Notes
        .Append(new("daprRuntimeVersion", MetadataApi.RuntimeVersion))
            .OrderBy(note => note.Key, StringComparer.Ordinal);

    public Func<IReadOnlyList<SubscriptionInfo>> Subscriptions { get; set; } = () => [];

    /// <summary>How many of them the broker delivers to now.</summary>
    public Func<int> ActiveSubscriptions { get; set; } = () => 0;

    /// <summary>Actor types that the app named, with or without a store, and how many of each are active.</summary>
    public Func<IReadOnlyList<(string Type, int Count)>> Actors { get; set; } = () => [];

    /// <summary>Actor types that can be called here: only with a store for them.</summary>
    public Func<IReadOnlyCollection<string>> HostedActors { get; set; } = () => [];

    /// <summary>DISABLED, INITIALIZING or RUNNING.</summary>
    public Func<ActorRuntimeInfo> ActorRuntime { get; set; } = () => new("DISABLED", false, "placement: disconnected");
}

public sealed record SubscriptionInfo(
    string PubSubName, string Topic, IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<PubSub.RoutingRule> Rules, string DeadLetterTopic);

public sealed record ActorRuntimeInfo(string Status, bool HostReady, string Placement);
