using Grpc.Core;

namespace Ticketing.Sidecar.Http;

/// <summary>Errors that several APIs share.</summary>
public static class DaprErrors
{
    public static readonly DaprError NoAppId = new(404, StatusCode.NotFound, "ERR_DIRECT_INVOKE",
        "failed getting app id either from the URL path or the header dapr-app-id");

    public static DaprError MalformedBody(string reason) =>
        MalformedRequest($"failed deserializing HTTP body: {reason}");

    public static DaprError MalformedRequest(string message) =>
        new(400, StatusCode.InvalidArgument, "ERR_MALFORMED_REQUEST", message);
}
