using System.Text.Json;
using Dapr.Actors.Client;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

static class OrderSubscription
{
    /// <summary>If an actor takes longer than this, the message is delivered again.</summary>
    static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <exception cref="SidecarException">The actor may not have been reached.</exception>
    public static async Task<Ack> OnOrder(
        CloudEvent<OrderSnapshot> message, IActorProxyFactory actors, NewestApplied<OrderId, bool> over,
        TimeProvider clock, CancellationToken ct)
    {
        var order = message.Data;
        if (!order.Again && over.Has(order.Id, !order.IsLive))
            return Ack.Stale;
        var actor = actors.CreateActorProxy<IExpirationActor>(new(order.Id), ExpirationActor.TypeName);
        var ack = await Apply(actor, order).WaitAsync(AnswerTimeout, clock, ct) switch
        {
            ApplyOutcome.Armed or ApplyOutcome.Disarmed => Ack.Applied,
            ApplyOutcome.Stale => Ack.Stale,
            // The runtime's answer for an actor that it did not reach: no timer is set.
            var answer => throw new SidecarException($"The actor of {order.Id} answered '{answer}'."),
        };
        over.Note(order.Id, !order.IsLive);
        return ack;
    }

    static async Task<string> Apply(IExpirationActor actor, OrderSnapshot order)
    {
        try
        {
            return await actor.Apply(order);
        }
        // NullReferenceException: thrown by Dapr's client for an empty answer, see IExpirationActor.
        catch (Exception e) when (e is Dapr.DaprException or HttpRequestException or JsonException or NullReferenceException)
        {
            throw new SidecarException($"The actor of {order.Id} was not reached.", e);
        }
    }
}
