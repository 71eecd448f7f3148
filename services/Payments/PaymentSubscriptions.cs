using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

static class PaymentSubscriptions
{
    public static void MapPaymentSubscriptions(this IEndpointRouteBuilder app) =>
        app.MapEvents().MapTopic(Topics.Orders, OnOrder);

    // Delivered at least once and in any order; an old snapshot is simply old.
    static async Task<Ack> OnOrder(
        CloudEvent<OrderSnapshot> message, AggregateStore<Payment> payments, TimeProvider clock, CancellationToken ct)
    {
        var (order, now) = (message.Data, clock.GetUtcNow());
        return Ack.Of(await payments.Update(
            order.Id, payment => payment.Apply(PayableOrder.Of(order), order.Again, now), ct));
    }
}
