using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Ticketing.Sidecar.Rpc;

namespace Ticketing.Sidecar.PubSub;

/// <summary>PublishEvent and BulkPublishEvent of the gRPC API.</summary>
sealed class PublishRpc(AppSidecar sidecar, Publisher publisher)
{
    public void Map(RpcTable rpc)
    {
        rpc.Unary<PublishEventRequest, Empty>("PublishEvent", PublishAsync);
        rpc.Unary<BulkPublishRequest, BulkPublishResponse>("BulkPublishEvent", BulkAsync);
        rpc.Unary<BulkPublishRequest, BulkPublishResponse>("BulkPublishEventAlpha1", BulkAsync);
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

    async Task<BulkPublishResponse> BulkAsync(BulkPublishRequest request, ServerCallContext call)
    {
        var isRaw = Check(request.PubsubName, request.Topic, request.Metadata);
        var ids = new HashSet<string>();
        if (request.Entries.Any(entry => entry.EntryId.Length == 0 || !ids.Add(entry.EntryId)))
            throw PubSubErrors.BadEntryId(request.PubsubName, request.Topic, sidecar.Options.AppId).ToRpcException();

        var entries = request.Entries.Select(entry => new BulkEntry(
            entry.EntryId, entry.Event.Memory, entry.ContentType,
            BulkEntry.Merge(request.Metadata, entry.Metadata.Count == 0 ? null : entry.Metadata))).ToList();
        var template = Publication(request.PubsubName, request.Topic, request.Metadata, call);
        var failed = await publisher.PublishAllAsync(template, entries, isRaw, call.CancellationToken);
        return failed.Count == 0 ? new BulkPublishResponse() : throw failed[0].Error.ToRpcException();
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
