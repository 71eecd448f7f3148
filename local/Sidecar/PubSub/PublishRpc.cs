using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Ticketing.Sidecar.PubSub;

/// <summary>PublishEvent of the gRPC API.</summary>
sealed class PublishRpc(Publisher publisher)
{
    public void Map(RpcTable rpc)
    {
        rpc.Unary<PublishEventRequest, Empty>("PublishEvent", PublishAsync);
    }

    async Task<Empty> PublishAsync(PublishEventRequest request, ServerCallContext call)
    {
        var isRaw = Check(request.PubsubName, request.Topic, request.Metadata);
        var publication = Publication(request.PubsubName, request.Topic, request.Metadata, call) with
        {
            Data = request.Data.Memory,
            ContentType = request.DataContentType,
        };
        if (isRaw) publication = publication with { Metadata = Traced(publication) };
        var error = await publisher.PublishAsync(publication, isRaw, call.CancellationToken);
        return error is null ? new Empty() : throw error.ToRpcException();
    }

    bool Check(string pubSub, string topic, IReadOnlyDictionary<string, string> metadata) =>
        publisher.Check(pubSub, topic, metadata, isRpc: true, out var isRaw) is { } refusal
            ? throw refusal.ToRpcException()
            : isRaw;

    static Publication Publication(
        string pubSub, string topic, IReadOnlyDictionary<string, string> metadata, ServerCallContext call) =>
        new(pubSub, topic, default, "", metadata,
            call.RequestHeaders.GetValue("traceparent") ?? "", call.RequestHeaders.GetValue("tracestate") ?? "");

    // Raw bytes have no room for the trace, so it travels beside them; over HTTP daprd leaves it out.
    static Dictionary<string, string> Traced(Publication publication) => new(publication.Metadata)
    {
        ["traceid"] = publication.TraceParent, ["tracestate"] = publication.TraceState,
    };
}
