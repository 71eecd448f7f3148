using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Proto = Dapr.Client.Autogen.Grpc.v1;

namespace Ticketing.Sidecar;

/// <summary><c>POST /v1.0/shutdown</c>: answers, then stops; with <c>dapr-force-shutdown: true</c> at once.</summary>
static class ShutdownApi
{
    const string ForceHeader = "dapr-force-shutdown";

    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        routes.Map("POST", "/v1.0/shutdown", async (http, _) =>
        {
            await http.WriteNoContentAsync();
            await http.Response.CompleteAsync();
            sidecar.RequestStop(IsForced(http.Request.Headers[ForceHeader]));
        });
        rpc.Unary<Proto.ShutdownRequest, Empty>("Shutdown", (_, call) =>
        {
            var force = IsForced(call.RequestHeaders.GetValue(ForceHeader));
            call.GetHttpContext().Response.OnCompleted(() =>
            {
                sidecar.RequestStop(force);
                return Task.CompletedTask;
            });
            return Task.FromResult(new Empty());
        });
    }

    static bool IsForced(string? value) => "true".Equals(value, StringComparison.OrdinalIgnoreCase);
}
