using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = Dapr.Client.Autogen.Grpc.v1;

namespace Ticketing.Sidecar;

/// <summary><c>/v1.0/metadata</c>: the sidecar's version, components, subscriptions and actors, and entries set by the
/// app.</summary>
sealed class MetadataApi(AppSidecar sidecar)
{
    /// <summary>The runtime whose behaviour this sidecar has.</summary>
    public const string RuntimeVersion = "1.18.3";

    /// <summary>The features that this runtime enables by default.</summary>
    public static readonly string[] EnabledFeatures = ["HotReload", "WorkflowsRemoteActivityReminder"];

    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var api = new MetadataApi(sidecar);
        routes.Map("GET", "/v1.0/metadata", (http, _) =>
            http.WriteJsonAsync(StatusCodes.Status200OK, json => JsonSerializer.Serialize(
                json, MetadataAnswer.Of(sidecar), SidecarJson.Default.MetadataAnswer), newline: true));
        routes.Map("PUT", "/v1.0/metadata/{key}", api.PutAsync);
        rpc.Unary<Proto.GetMetadataRequest,
            Proto.GetMetadataResponse>("GetMetadata", (_, _) => Task.FromResult(api.Message()));
        rpc.Unary<Proto.SetMetadataRequest, Empty>("SetMetadata", (request, _) =>
        {
            if (request.Key.Length > 0) sidecar.Inventory.Notes[request.Key] = request.Value;
            return Task.FromResult(new Empty());
        });
    }

    async Task PutAsync(HttpContext http, string[] values)
    {
        try
        {
            sidecar.Inventory.Notes[values[0]] = Encoding.UTF8
                .GetString((await http.ReadBodyAsync(sidecar.Options.MaxBodyBytes)).Span);
            await http.WriteNoContentAsync();
        }
        catch (BodyTooLargeException error)
        {
            await http.WriteErrorAsync(new(400, StatusCode.InvalidArgument, "ERR_BODY_READ",
                $"failed to read request body: {error.Message}"));
        }
    }

    Proto.GetMetadataResponse Message()
    {
        var runtime = sidecar.Inventory.ActorRuntime();
        var response = new Proto.GetMetadataResponse
        {
            Id = sidecar.Options.AppId,
            RuntimeVersion = RuntimeVersion,
            EnabledFeatures = { EnabledFeatures },
            ExtendedMetadata = { sidecar.Inventory.Extended.ToDictionary() },
            AppConnectionProperties = new Proto.AppConnectionProperties
            {
                Port = sidecar.Options.AppPort ?? 0, Protocol = "http", ChannelAddress = AppChannel.Address,
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
            PubsubName = subscription.PubSubName, Topic = subscription.Topic,
            DeadLetterTopic = subscription.DeadLetterTopic,
            Rules = new Proto.PubsubSubscriptionRules(),
            Type = Proto.PubsubSubscriptionType.Programmatic,
        };
        message.Metadata.Add(subscription.Metadata.ToDictionary());
        message.Rules.Rules.AddRange(subscription.Rules.Select(
            rule => new Proto.PubsubSubscriptionRule { Match = rule.Match, Path = rule.Path }));
        return message;
    }
}
