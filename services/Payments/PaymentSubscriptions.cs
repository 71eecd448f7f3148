using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

static class PaymentSubscriptions
{
    public static void MapPaymentSubscriptions(this IEndpointRouteBuilder app) =>
        app.MapEvents().MapTopic(Topics.Orders, OnOrder);

    // Delivered at least once and in any order; an old snapshot is ignored.
    static async Task<Ack> OnOrder(CloudEvent<OrderSnapshot> message, AggregateStore<Payment> payments,
        NewestApplied<OrderId, long> newest, TimeProvider clock, CancellationToken ct)
    {
        var (order, now) = (message.Data, clock.GetUtcNow());
        // An order whose ticket is not locked yet cannot be paid: its next snapshot is early enough.
        if (!order.Again && (order.Status is OrderStatus.Created || newest.Has(order.Id, order.BookVersion)))
            return Ack.Stale;
        Decision<Payment> Apply(Payment payment) => payment.Apply(PayableOrder.Of(order), order.Again, now);
        var decision = order is { Status: OrderStatus.AwaitingPayment, Again: false } && !newest.Knows(order.Id)
            ? await payments.Create(order.Id, Apply, ct)
            : await payments.Update(order.Id, Apply, ct);
        if (decision.State!.Order is { } known)
            newest.Note(order.Id, known.BookVersion);
        return Ack.Of(decision);
    }
}

/// <summary>
/// Reads an order from the orders service if its event has not arrived when the buyer pays; for at most a second.
/// </summary>
sealed class OrderLookup(AggregateStore<Payment> payments, OtherApps apps, TimeProvider clock)
{
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1), AskInterval = TimeSpan.FromMilliseconds(50);

    /// <returns>Why the order cannot be paid, or null.</returns>
    /// <exception cref="TryAgainException">Orders did not answer.</exception>
    public async Task<Refusal?> MakeKnown(OrderId id, UserId buyer, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        do
        {
            var order = await apps.Get("orders", $"internal/orders/{id}", ContractsJson.Default.OrderSnapshot, ct);
            if (order is null || order.Id != id || order.Buyer != buyer)
                return Payment.NoSuchOrder;
            if (order.Status is not OrderStatus.Created)
            {
                var now = clock.GetUtcNow();
                await payments.Update(id, payment => payment.Apply(PayableOrder.Of(order), again: false, now), ct);
                return null;
            }

            // Placed, but tickets has not locked the ticket yet, which takes milliseconds.
            if (clock.GetElapsedTime(started) >= WaitMax)
                return Payment.NotPayable.With("orderStatus", order.Status);
            await Task.Delay(AskInterval, clock, ct);
        }
        while (await payments.Find(id, ct) is not { Order: not null });

        return null;
    }
}
