namespace Ticketing.Sidecar.State;

/// <summary>The state API over HTTP and gRPC.</summary>
static class StateApi
{
    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var stores = new StateStores(sidecar);
        new StateReads(stores, sidecar.Options.MaxBodyBytes).Map(routes);
        new StateWrites(stores, sidecar.Options.MaxBodyBytes).Map(routes);
        new StateRpc(stores).Map(rpc);
    }
}
