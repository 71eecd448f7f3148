using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.Rpc;
using Proto = Dapr.Client.Autogen.Grpc.v1;

namespace Ticketing.Sidecar;

/// <summary><c>/v1.0/metadata</c>: what this sidecar is, has loaded and hosts; and a place for the app's own notes.</summary>
sealed class MetadataApi(AppSidecar sidecar)
{
    /// <summary>The runtime whose behaviour this sidecar has.</summary>
    const string RuntimeVersion = "1.18.3";

    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var api = new MetadataApi(sidecar);
        MapRead(sidecar, routes);
        routes.Map("PUT", "/v1.0/metadata/{key}", api.PutAsync);
        rpc.Unary<Proto.GetMetadataRequest, Proto.GetMetadataResponse>("GetMetadata", (_, _) => Task.FromResult(api.Message()));
        rpc.Unary<Proto.SetMetadataRequest, Empty>("SetMetadata", (request, _) =>
        {
            if (request.Key.Length > 0) sidecar.Inventory.Notes[request.Key] = request.Value;
            return Task.FromResult(new Empty());
        });
    }

    public static void MapRead(AppSidecar sidecar, RouteTable routes) => routes.Map("GET", "/v1.0/metadata",
        (http, _) => http.WriteJsonAsync(StatusCodes.Status200OK, new MetadataApi(sidecar).Write, newline: true));

    async Task PutAsync(HttpContext http, string[] values)
    {
        try
        {
            sidecar.Inventory.Notes[values[0]] = Encoding.UTF8.GetString((await http.ReadBodyAsync(sidecar.Options.MaxBodyBytes)).Span);
            await http.WriteNoContentAsync();
        }
        catch (BodyTooLargeException error)
        {
            await http.WriteErrorAsync(new(400, StatusCode.InvalidArgument, "ERR_BODY_READ", $"failed to read request body: {error.Message}"));
        }
    }

    IEnumerable<KeyValuePair<string, string>> Extended =>
        sidecar.Inventory.Notes.Append(new("daprRuntimeVersion", RuntimeVersion)).OrderBy(entry => entry.Key, StringComparer.Ordinal);

    IEnumerable<string> Features => sidecar.Resources.Configuration.EnabledFeatures;

    void Write(GoJsonWriter json)
    {
        json.StartObject().Member("id", sidecar.Options.AppId).Member("runtimeVersion", RuntimeVersion);
        json.Name("enabledFeatures").StartArray();
        foreach (var feature in Features) json.Text(feature);
        json.EndArray();
        WriteActors(json, "actors");
        WriteComponents(json);
        json.Name("extended").StartObject();
        foreach (var (key, value) in Extended) json.Member(key, value);
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
            foreach (var resiliency in sidecar.Resources.Resiliencies) json.StartObject().Member("name", resiliency.Name).EndObject();
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
                foreach (var (key, value) in subscription.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)) json.Member(key, value);
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
        ? string.Create(CultureInfo.InvariantCulture, $"{(span.TotalMinutes >= 1 ? $"{(int)span.TotalMinutes}m" : "")}{span.TotalSeconds % 60}s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms");

    Proto.GetMetadataResponse Message()
    {
        var runtime = sidecar.Inventory.ActorRuntime();
        var response = new Proto.GetMetadataResponse
        {
            Id = sidecar.Options.AppId,
            RuntimeVersion = RuntimeVersion,
            EnabledFeatures = { Features },
            ExtendedMetadata = { Extended.ToDictionary() },
            AppConnectionProperties = new Proto.AppConnectionProperties
            {
                Port = sidecar.Options.AppPort ?? 0, Protocol = sidecar.Options.AppProtocol, ChannelAddress = sidecar.Options.AppAddress,
                MaxConcurrency = Math.Max(0, sidecar.Options.AppMaxConcurrency),
            },
            ActorRuntime = new Proto.ActorRuntime { HostReady = runtime.HostReady, Placement = runtime.Placement },
        };
        foreach (var (spec, _, instance) in sidecar.Components.All)
            response.RegisteredComponents.Add(new Proto.RegisteredComponents
            {
                Name = spec.Name, Type = spec.Type, Version = spec.Version, Capabilities = { instance.Capabilities },
            });
        foreach (var subscription in sidecar.Inventory.Subscriptions())
            response.Subscriptions.Add(Message(subscription));
        response.ActorRuntime.ActiveActors.AddRange(sidecar.Inventory.Actors()
            .Select(actor => new Proto.ActiveActorsCount { Type = actor.Type, Count = actor.Count }));
        return response;
    }

    static Proto.PubsubSubscription Message(SubscriptionInfo subscription)
    {
        var message = new Proto.PubsubSubscription
        {
            PubsubName = subscription.PubSubName, Topic = subscription.Topic, DeadLetterTopic = subscription.DeadLetterTopic,
            Rules = new Proto.PubsubSubscriptionRules(),
            Type = subscription.Type == "DECLARATIVE" ? Proto.PubsubSubscriptionType.Declarative : Proto.PubsubSubscriptionType.Programmatic,
        };
        message.Metadata.Add(subscription.Metadata.ToDictionary());
        message.Rules.Rules.AddRange(subscription.Rules.Select(rule => new Proto.PubsubSubscriptionRule { Match = rule.Match, Path = rule.Path }));
        return message;
    }
}
