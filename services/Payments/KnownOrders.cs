using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Sees to it that an order is known before it is paid. Its events are the rule; a buyer who is faster than they are
/// makes us ask orders, for a second at most.
/// </summary>
sealed class KnownOrders(AggregateStore<Payment> payments, OtherApps apps, TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), AskInterval = TimeSpan.FromMilliseconds(50);

    /// <returns>Why it cannot be paid, or null.</returns>
    /// <exception cref="TryAgainException">Nobody tells.</exception>
    public async Task<Refusal?> Know(OrderId id, UserId buyer, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (await payments.Find(id, ct) is not { Order: not null })
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

            // Placed, and the ticket has not answered yet: that takes milliseconds.
            if (clock.GetElapsedTime(started) >= Patience)
                return Payment.NotPayable.With("orderStatus", order.Status);
            await Task.Delay(AskInterval, clock, ct);
        }

        return null;
    }
}
