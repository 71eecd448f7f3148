using Grpc.Core;

namespace Ticketing.Sidecar.PubSub;

/// <summary>The errors of publishing, in daprd's words.</summary>
static class PubSubErrors
{
    /// <param name="metadata">The request's, over HTTP; null over gRPC.</param>
    public static DaprError NotFound(string pubSub, IReadOnlyDictionary<string, string>? metadata) =>
        new(404, StatusCode.InvalidArgument, "ERR_PUBSUB_NOT_FOUND", $"pubsub {pubSub} is not found",
            ErrorDetail.Info("DAPR_PUBSUB_NOT_FOUND", metadata));

    public static DaprError NameEmpty(IReadOnlyDictionary<string, string> metadata) =>
        Error(404, StatusCode.InvalidArgument, "ERR_PUBSUB_EMPTY", "DAPR_PUBSUB_NAME_EMPTY", "",
            "pubsub name is empty", metadata);

    public static DaprError TopicEmpty(string pubSub, IReadOnlyDictionary<string, string> metadata) =>
        Error(404, StatusCode.InvalidArgument, "ERR_TOPIC_NAME_EMPTY", "DAPR_PUBSUB_TOPIC_NAME_EMPTY", pubSub,
            $"topic is empty in pubsub {pubSub}", metadata);

    public static DaprError RawPayload(string pubSub, IReadOnlyDictionary<string, string> metadata) =>
        Error(400, StatusCode.InvalidArgument, "ERR_PUBSUB_REQUEST_METADATA", "DAPR_PUBSUB_METADATA_DESERIALIZATION",
            pubSub, "rawPayload is not supported by this sidecar", metadata);

    public static DaprError NoCloudEvent(string pubSub, string appId, string fault) =>
        Error(500, StatusCode.InvalidArgument, "ERR_PUBSUB_CLOUD_EVENTS_SER", "DAPR_PUBSUB_CLOUD_EVENT_CREATION",
            pubSub, "cannot create cloudevent",
            new Dictionary<string, string> { ["appID"] = appId, ["error"] = fault });

    public static DaprError Forbidden(string pubSub, string topic, string appId)
    {
        var message = $"topic {topic} is not allowed for app id {appId}";
        return Error(403, StatusCode.PermissionDenied, "ERR_PUBSUB_FORBIDDEN", "DAPR_PUBSUB_FORBIDDEN", pubSub, message,
            new Dictionary<string, string> { ["topic"] = topic, ["error"] = message });
    }

    public static DaprError NotPublished(string pubSub, string topic, string fault) =>
        Error(500, StatusCode.Internal, "ERR_PUBSUB_PUBLISH_MESSAGE", "DAPR_PUBSUB_PUBLISH_MESSAGE", pubSub,
            $"error when publishing to topic {topic} in pubsub {pubSub}: {fault}",
            new Dictionary<string, string> { ["topic"] = topic, ["error"] = fault });

    static DaprError Error(
        int status, StatusCode grpc, string code, string reason, string pubSub, string message,
        IReadOnlyDictionary<string, string> metadata) =>
        new(status, grpc, code, message,
            ErrorDetail.Resource("pubsub", pubSub, message), ErrorDetail.Info(reason, metadata));
}
