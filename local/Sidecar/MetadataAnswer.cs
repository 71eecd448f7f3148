using System.Text.Json.Serialization;

namespace Ticketing.Sidecar;

/// <summary>The response of the metadata API: daprd's names in daprd's order, without empty members.</summary>
sealed record MetadataAnswer(
    string Id, string RuntimeVersion, IEnumerable<string> EnabledFeatures,
    IReadOnlyList<MetadataAnswer.Actor>? Actors, IReadOnlyList<MetadataAnswer.ComponentInfo>? Components,
    IReadOnlyDictionary<string, string> Extended, IReadOnlyList<MetadataAnswer.Subscription>? Subscriptions,
    MetadataAnswer.App AppConnectionProperties, MetadataAnswer.Runtime ActorRuntime,
    IReadOnlyList<MetadataAnswer.Named>? Resiliencies)
{
    public static MetadataAnswer Of(AppSidecar sidecar)
    {
        var (options, runtime) = (sidecar.Options, sidecar.Inventory.ActorRuntime());
        var actors = List(sidecar.Inventory.Actors().Select(actor => new Actor(actor.Type, actor.Count.OrNull())));
        return new(
            options.AppId, MetadataApi.RuntimeVersion, MetadataApi.EnabledFeatures, actors,
            List(sidecar.Components.All.Select(loaded => new ComponentInfo(
                loaded.Spec.Name, loaded.Spec.Type, loaded.Spec.Version.OrNull(),
                List(loaded.Instance.Capabilities)))),
            sidecar.Inventory.Extended.ToDictionary(),
            List(sidecar.Inventory.Subscriptions().Select(Of)),
            new App(options.AppPort, "http", AppChannel.Address,
                options.AppHealthCheck is { } check ? Of(check) : null),
            new Runtime(runtime.Status, actors, runtime.HostReady, runtime.Placement.OrNull()),
            List(sidecar.Resources.Resiliencies.Select(resiliency => new Named(resiliency.Name))));
    }

    static Subscription Of(SubscriptionInfo info) => new(
        info.PubSubName, info.Topic,
        info.Metadata.Count == 0 ? null : info.Metadata.OrderBy(item => item.Key, StringComparer.Ordinal).ToDictionary(),
        List(info.Rules.Select(rule => new Rule(rule.Match.OrNull(), rule.Path.OrNull()))),
        info.DeadLetterTopic, "PROGRAMMATIC");

    static Health Of(AppHealthCheck check) => new(
        check.Path, DaprDuration.Format(check.Interval), DaprDuration.Format(check.Timeout), check.Threshold);

    static List<T>? List<T>(IEnumerable<T> items) => items.ToList() is { Count: > 0 } list ? list : null;

    internal sealed record Actor(string Type, int? Count);

    internal sealed record ComponentInfo(string Name, string Type, string? Version, IReadOnlyList<string>? Capabilities);

    internal sealed record Subscription(
        [property: JsonPropertyName("pubsubname")] string PubSubName, string Topic,
        IReadOnlyDictionary<string, string>? Metadata, IReadOnlyList<Rule>? Rules, string DeadLetterTopic, string Type);

    internal sealed record Rule(string? Match, string? Path);

    internal sealed record App(int? Port, string Protocol, string ChannelAddress, Health? Health);

    internal sealed record Health(
        string HealthCheckPath, string HealthProbeInterval, string HealthProbeTimeout, int HealthThreshold);

    internal sealed record Runtime(
        string RuntimeStatus, IReadOnlyList<Actor>? ActiveActors, bool HostReady, string? Placement);

    internal sealed record Named(string Name);
}

static class NullIfEmpty
{
    public static string? OrNull(this string text) => text.Length == 0 ? null : text;

    public static int? OrNull(this int number) => number == 0 ? null : number;
}
