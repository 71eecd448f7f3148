namespace Ticketing.Sidecar.PubSub;

/// <summary>Publishing over HTTP and gRPC, and the subscriptions of the app.</summary>
static class PubSubApi
{
    public static void Map(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.PubSub");
        var publisher = new Publisher(sidecar);
        new PublishApi(sidecar, publisher).Map(routes);
        new PublishRpc(publisher).Map(rpc);
        var subscriber = new Subscriber(sidecar, publisher, log);
        subscriber.Hook(sidecar.Lifecycle);
        sidecar.Inventory.Subscriptions = () => subscriber.Infos;
    }
}
