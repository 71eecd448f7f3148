using Ticketing.Sidecar.Actors;
using Ticketing.Sidecar.Invocation;
using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.Secrets;

namespace Ticketing.Sidecar;

/// <summary>Creates all APIs: maps their routes and methods, and adds their lifecycle hooks.</summary>
static class SidecarApis
{
    public static readonly IReadOnlyList<Action<AppSidecar, RouteTable, RpcTable>> All =
    [
        (sidecar, routes, _) => HealthApi.Map(sidecar, routes),
        MetadataApi.Map,
        SecretApi.Map,
        StateApi.Map,
        (sidecar, routes, _) => ActorApi.Map(sidecar, routes),
        (sidecar, routes, _) => InvocationApi.Map(sidecar, routes),
        PubSubApi.Map,
    ];
}
