using System.Collections.Concurrent;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Reads PaymentIntents after events: one read at a time for a payment, which serves every event that came before it.
/// </summary>
sealed class IntentReads(
    StripeCharges stripe, AggregateStore<Payment> payments, TimeProvider clock, ILogger<IntentReads> log)
{
    readonly ConcurrentDictionary<OrderId, Lazy<Task>> underWay = new();

    /// <summary>The read under way, which may have begun before the event; null if there is none.</summary>
    public Task? UnderWay(OrderId order) => underWay.TryGetValue(order, out var read) ? read.Value : null;

    /// <summary>Joins the read under way, or begins one.</summary>
    /// <exception cref="TryAgainException">Stripe or the store did not answer.</exception>
    public Task Read(OrderId order, string intentId) =>
        underWay.GetOrAdd(order, _ => new(() => ReadAndForget(order, intentId))).Value;

    async Task ReadAndForget(OrderId order, string intentId)
    {
        await Task.Yield();     // outside the lock of the Lazy
        try
        {
            if (await stripe.Read(intentId, CancellationToken.None) is not Reply.Says answer)
                throw new TryAgainException("Stripe does not say how the payment stands.");
            var decision = await payments.Update(
                order, payment => payment.Observe(answer.Intent, clock.GetUtcNow()), CancellationToken.None);
            if ((decision.Refusal ?? decision.State?.DoubtOf(answer.Intent)) is { } doubt)
                log.NotBelieved(order, intentId, doubt.Code);
        }
        finally
        {
            underWay.TryRemove(order, out _);
        }
    }
}
