using Grpc.Core;

namespace Ticketing.Sidecar;

/// <summary><c>/v1.0/healthz</c>: healthy with the app; <c>/outbound</c>: healthy without it, for apps that are
/// starting.</summary>
static class HealthApi
{
    static readonly DaprError NotReady = new(500, StatusCode.Internal, "ERR_HEALTH_NOT_READY",
        "dapr is not ready: [runtime]");
    static readonly DaprError OtherApp = new(500, StatusCode.Internal, "ERR_HEALTH_APPID_NOT_MATCH",
        "dapr app-id does not match");

    public static void Map(AppSidecar sidecar, RouteTable routes)
    {
        routes.Map("GET", "/v1.0/healthz", (http, _) =>
            http.Request.Query["appid"] is [{ Length: > 0 } appId, ..]
                && appId != sidecar.Options.AppId ? http.WriteErrorAsync(OtherApp)
            : Answer(http, sidecar.IsReady));
        routes.Map("GET", "/v1.0/healthz/outbound", (http, _) => Answer(http, sidecar.IsOutboundReady));
    }

    static Task Answer(HttpContext http, bool isReady) =>
        isReady ? http.WriteNoContentAsync() : http.WriteErrorAsync(NotReady);
}
