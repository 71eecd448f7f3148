using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Reads PaymentIntents after events: one read at a time for a payment, which serves every event that came before it.
/// </summary>
sealed class IntentReads(StripeCharges stripe, AggregateStore<Payment> payments, KnownPayments known,
    TimeProvider clock, ILogger<IntentReads> log)
{
    readonly Lock gate = new();
    readonly Dictionary<OrderId, Task> underWay = [];

    /// <summary>Joins a read that begins after this call, or begins one if what is known then still needs it.</summary>
    /// <exception cref="TryAgainException">Stripe or the store did not answer.</exception>
    public async Task Read(OrderId order, string intentId, Func<Payment, bool> isNeeded)
    {
        Task? read;
        lock (gate)
            underWay.TryGetValue(order, out read);
        if (read is not null)
            await read;     // it may have begun before the event, and often tells the same
        lock (gate)
        {
            // A read that has ended is saved: what is known includes it.
            if (!underWay.TryGetValue(order, out read) && known.Find(order) is { } payment && !isNeeded(payment))
                return;
            underWay[order] = read ??= ReadAndForget(order, intentId);
        }

        await read;
    }

    async Task ReadAndForget(OrderId order, string intentId)
    {
        await Task.Yield();     // outside the lock
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
            lock (gate)
                underWay.Remove(order);
        }
    }
}
