using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Publishing over HTTP and gRPC, and the subscriptions of the app.</summary>
sealed class PubSubApi(AppSidecar sidecar, Publisher publisher)
{
    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var publisher = new Publisher(sidecar);
        var api = new PubSubApi(sidecar, publisher);
        // A topic may contain slashes.
        routes.Map("POST PUT", "/v1.0/publish/{pubsub}/*", api.PublishAsync);
        rpc.Unary<PublishEventRequest, Empty>("PublishEvent", api.PublishAsync);
        var subscriber = new Subscriber(
            sidecar, publisher, sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.PubSub"));
        subscriber.Hook(sidecar.Lifecycle);
        sidecar.Inventory.Subscriptions = () => subscriber.Infos;
        sidecar.Inventory.ActiveSubscriptions = () => subscriber.ActiveCount;
    }

    async Task PublishAsync(HttpContext http, string[] values)
    {
        var error = await TryPublishAsync(http, values[0], values[1]);
        await (error is null ? http.WriteNoContentAsync() : http.WriteErrorAsync(error));
    }

    async Task<DaprError?> TryPublishAsync(HttpContext http, string pubSub, string topic)
    {
        var metadata = http.QueryMetadata();
        if (publisher.Check(pubSub, topic, metadata, isRpc: false) is { } refusal) return refusal;
        try
        {
            // As recorded from daprd, one byte more than the limit is accepted.
            var body = await http.ReadBodyAsync(sidecar.Options.MaxBodyBytes + 1);
            var headers = http.Request.Headers;
            var publication = new Publication(pubSub, topic, body, http.Request.ContentType ?? "", metadata,
                headers.TraceParent.ToString(), headers.TraceState.ToString());
            return await publisher.PublishAsync(publication, http.RequestAborted);
        }
        catch (BodyTooLargeException error)
        {
            return PubSubErrors.NotPublished(pubSub, topic, error.Message);
        }
    }

    async Task<Empty> PublishAsync(PublishEventRequest request, ServerCallContext call)
    {
        var headers = call.RequestHeaders;
        var publication = new Publication(
            request.PubsubName, request.Topic, request.Data.Memory, request.DataContentType, request.Metadata,
            headers.GetValue("traceparent") ?? "", headers.GetValue("tracestate") ?? "");
        var error = publisher.Check(request.PubsubName, request.Topic, request.Metadata, isRpc: true)
            ?? await publisher.PublishAsync(publication, call.CancellationToken);
        return error is null ? new Empty() : throw error.ToRpcException();
    }
}
