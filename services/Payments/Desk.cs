using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>What a buyer came away with: the payment as it stands, or a refusal.</summary>
/// <param name="IsNew">This very call opened it.</param>
readonly record struct Outcome(Payment? Payment, Refusal? Refusal = null, bool IsNew = false);

/// <summary>Where a buyer pays: puts the request to the payment, waits for Stripe's word, tells how it went.</summary>
sealed class Desk(
    AggregateStore<Payment> payments, KnownOrders orders, PaymentOptions options, TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), LookPatience = TimeSpan.FromSeconds(2);

    static readonly Refusal Silent = new(503, "stripe-unavailable", "The payment provider does not answer; try again.");
    static readonly Refusal Declined = new(402, "card-declined", "The card was declined.");
    static readonly Refusal BadMethod = new(400, "payment-method-refused", "There is no such payment method.");

    /// <param name="method">Stripe's id of a payment method to try; null: the buyer's browser will.</param>
    public async Task<Outcome> Pay(OrderId order, UserId buyer, string? method, CancellationToken ct)
    {
        if (await orders.Know(order, buyer, ct) is { } unknown)
            return new(null, unknown);
        var now = clock.GetUtcNow();
        var decision = await payments.Update(order, payment => method is null
            ? payment.Open(buyer, options.AttemptsMax, now)
            : payment.Pay(buyer, method, options.AttemptsMax, now), ct);
        if (decision.Refusal is { } refusal)
            return new(null, refusal);

        var before = decision.State!;
        var payment = before.Pending is null ? await Fresh(before, ct) : await Performed(before, ct);
        return new(payment, Answer(before, payment), decision.Changed && before.StripeId is null);
    }

    public async Task<Outcome> Show(OrderId order, UserId buyer, CancellationToken ct) =>
        await payments.Find(order, ct) is { Status: not null } payment && payment.Order!.Buyer == buyer
            ? new(await Fresh(payment, ct))
            : new(null, Payment.NotFound);

    static Refusal? Answer(Payment before, Payment after)
    {
        if (after.Pending?.Kind is EffectKind.Create or EffectKind.Confirm)
            return Silent;
        // Everyone who waited for the same attempt hears the same answer.
        if (before.Attempt is { } attempt && after.LastAnswer is { } answer && answer.Attempt == attempt.Number)
            return answer.Declined
                ? Declined.With("declineCode", answer.Code).With("attemptsLeft", after.Snapshot().AttemptsLeft)
                : BadMethod.With("code", answer.Code);
        return after.Status is PaymentStatus.Failed
            ? Payment.NotPayable.With("orderStatus", after.Order!.Status)
            : null;
    }

    async Task<Payment> Performed(Payment payment, CancellationToken ct)
    {
        try
        {
            await payments.Perform(payment.OrderId, ct).WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            // It goes on without us; how far it has come is in the payment.
        }

        return await payments.Find(payment.OrderId, ct) ?? payment;
    }

    // The buyer is back from the bank, perhaps before any webhook: a look tells. Without one, what is known must do.
    async Task<Payment> Fresh(Payment payment, CancellationToken ct)
    {
        if (payment.Status is not (PaymentStatus.Opened or PaymentStatus.RequiresAction) || payment.StripeId is null)
            return payment;
        try
        {
            return await payments.Look(payment.OrderId, ct).WaitAsync(LookPatience, clock, ct) ?? payment;
        }
        catch (TimeoutException)
        {
            return payment;
        }
    }
}
