using Dapr.Actors.Client;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

static class OrderSubscription
{
    /// <summary>An actor that takes longer than this is away: the message is delivered again.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<Ack> OnOrder(
        CloudEvent<OrderSnapshot> message, IActorProxyFactory actors, TimeProvider clock, CancellationToken ct)
    {
        var order = message.Data;
        var actor = actors.CreateActorProxy<IExpirationActor>(new(order.Id), ExpirationActor.TypeName);
        return await actor.Hear(order).WaitAsync(Patience, clock, ct) switch
        {
            Heard.Armed or Heard.Disarmed => Ack.Applied,
            Heard.Stale => Ack.Stale,
            // The runtime answers for an actor it did not reach; then nothing is armed.
            var answer => throw new SidecarException($"The actor of {order.Id} answered '{answer}'."),
        };
    }
}
