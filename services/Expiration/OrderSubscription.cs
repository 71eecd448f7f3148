using System.Text.Json;
using Dapr.Actors.Client;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

static class OrderSubscription
{
    /// <summary>An actor that takes longer than this is away: the message is delivered again.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="SidecarException">The actor was not reached, as far as anybody knows.</exception>
    public static async Task<Ack> OnOrder(
        CloudEvent<OrderSnapshot> message, IActorProxyFactory actors, TimeProvider clock, CancellationToken ct)
    {
        var order = message.Data;
        var actor = actors.CreateActorProxy<IExpirationActor>(new(order.Id), ExpirationActor.TypeName);
        return await Tell(actor, order).WaitAsync(Patience, clock, ct) switch
        {
            Heard.Armed or Heard.Disarmed => Ack.Applied,
            Heard.Stale => Ack.Stale,
            // The runtime answers for an actor it did not reach; then nothing is armed.
            var answer => throw new SidecarException($"The actor of {order.Id} answered '{answer}'."),
        };
    }

    static async Task<string> Tell(IExpirationActor actor, OrderSnapshot order)
    {
        try
        {
            return await actor.Hear(order);
        }
        // The last is what the official client makes of an empty answer, the runtime's for an actor it did not reach.
        catch (Exception e) when (e is Dapr.DaprException or HttpRequestException or JsonException or NullReferenceException)
        {
            throw new SidecarException($"The actor of {order.Id} was not reached.", e);
        }
    }
}
