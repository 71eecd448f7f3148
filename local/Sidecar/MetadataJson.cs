using System.Globalization;
using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar;

/// <summary>The metadata answer over HTTP: daprd's names, in daprd's order, what is empty left out.</summary>
sealed class MetadataJson(AppSidecar sidecar)
{
    public void Write(GoJsonWriter json)
    {
        json.StartObject().Member("id", sidecar.Options.AppId).Member("runtimeVersion", MetadataApi.RuntimeVersion);
        json.Name("enabledFeatures").StartArray();
        foreach (var feature in sidecar.Resources.Configuration.EnabledFeatures) json.Text(feature);
        json.EndArray();
        WriteActors(json, "actors");
        WriteComponents(json);
        json.Name("extended").StartObject();
        foreach (var (key, value) in sidecar.Inventory.Extended) json.Member(key, value);
        json.EndObject();
        WriteSubscriptions(json);
        WriteApp(json.Name("appConnectionProperties"));
        var runtime = sidecar.Inventory.ActorRuntime();
        json.Name("actorRuntime").StartObject().Member("runtimeStatus", runtime.Status);
        WriteActors(json, "activeActors");
        json.Name("hostReady").Bool(runtime.HostReady);
        if (runtime.Placement.Length > 0) json.Member("placement", runtime.Placement);
        json.EndObject();
        if (sidecar.Resources.Resiliencies.Count > 0)
        {
            json.Name("resiliencies").StartArray();
            foreach (var resiliency in sidecar.Resources.Resiliencies)
                json.StartObject().Member("name", resiliency.Name).EndObject();
            json.EndArray();
        }

        json.EndObject();
    }

    void WriteActors(GoJsonWriter json, string name)
    {
        var actors = sidecar.Inventory.Actors();
        if (actors.Count == 0) return;
        json.Name(name).StartArray();
        foreach (var (type, count) in actors)
        {
            json.StartObject().Member("type", type);
            if (count > 0) json.Name("count").Number(count);
            json.EndObject();
        }

        json.EndArray();
    }

    void WriteComponents(GoJsonWriter json)
    {
        if (sidecar.Components.All.Count == 0) return;
        json.Name("components").StartArray();
        foreach (var (spec, _, instance) in sidecar.Components.All)
        {
            json.StartObject().Member("name", spec.Name).Member("type", spec.Type);
            if (spec.Version.Length > 0) json.Member("version", spec.Version);
            if (instance.Capabilities.Count > 0)
            {
                json.Name("capabilities").StartArray();
                foreach (var capability in instance.Capabilities) json.Text(capability);
                json.EndArray();
            }

            json.EndObject();
        }

        json.EndArray();
    }

    void WriteSubscriptions(GoJsonWriter json)
    {
        var subscriptions = sidecar.Inventory.Subscriptions();
        if (subscriptions.Count == 0) return;
        json.Name("subscriptions").StartArray();
        foreach (var subscription in subscriptions)
        {
            json.StartObject().Member("pubsubname", subscription.PubSubName).Member("topic", subscription.Topic);
            if (subscription.Metadata.Count > 0)
            {
                json.Name("metadata").StartObject();
                foreach (var (key, value) in subscription.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    json.Member(key, value);
                json.EndObject();
            }

            if (subscription.Rules.Count > 0)
            {
                json.Name("rules").StartArray();
                foreach (var (match, path) in subscription.Rules)
                {
                    json.StartObject();
                    if (match.Length > 0) json.Member("match", match);
                    if (path.Length > 0) json.Member("path", path);
                    json.EndObject();
                }

                json.EndArray();
            }

            json.Member("deadLetterTopic", subscription.DeadLetterTopic).Member("type", subscription.Type).EndObject();
        }

        json.EndArray();
    }

    void WriteApp(GoJsonWriter json)
    {
        var options = sidecar.Options;
        json.StartObject();
        if (options.AppPort is { } port) json.Name("port").Number(port);
        json.Member("protocol", options.AppProtocol).Member("channelAddress", options.AppAddress);
        if (options.AppMaxConcurrency > 0) json.Name("maxConcurrency").Number(options.AppMaxConcurrency);
        if (options.AppHealthCheck is { } check)
        {
            json.Name("health").StartObject().Member("healthCheckPath", check.Path)
                .Member("healthProbeInterval", Go(check.Interval)).Member("healthProbeTimeout", Go(check.Timeout))
                .Name("healthThreshold").Number(check.Threshold).EndObject();
        }

        json.EndObject();
    }

    static string Go(TimeSpan span) => span.TotalSeconds >= 1
        ? string.Create(CultureInfo.InvariantCulture,
            $"{(span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes}m" : "")}{span.TotalSeconds % 60}s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms");
}
