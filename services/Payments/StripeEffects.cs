
namespace Ticketing.Payments;

/// <summary>
/// Makes the calls to Stripe that saved payments ask for, and turns each reply into a rule for the payment. The store
/// calls it after a save and again until nothing is pending, so a call may be made twice: its idempotency key makes
/// it one charge.
/// </summary>
sealed class StripeEffects(StripeCharges stripe, ILogger<StripeEffects> log, TimeProvider clock) : IEffects<Payment>
{
    /// <summary>The same call under a new idempotency key is still the same thing to do.</summary>
    public object? Pending(Payment payment) =>
        payment.Pending is { } effect ? (effect.Kind, effect.Attempt) : null;

    public async Task<EffectOutcome<Payment>?> Perform(Payment payment, CancellationToken ct)
    {
        var (id, effect) = (payment.OrderId, payment.Pending!);
        // Stripe forgets keys after a day: then only the PaymentIntent tells whether the call was made.
        if (effect.IsOld(clock.GetUtcNow()))
            return await LookAndRenew(payment, effect, againAtOnce: true, ct);
        var reply = await stripe.Perform(effect, payment.StripeId, ct);
        PaymentMetrics.Count(effect.Kind, reply);
        switch (reply)
        {
            case Reply.Says said:
                return new(known => known.Observe(said.Seen, clock.GetUtcNow(), effect.Attempt?.Number));
            case Reply.Refused refused:
                log.Refused(id, effect.Kind, refused.Code);
                return new(known => effect.Attempt is { } attempt
                    ? known.Reject(attempt.Number, refused.Code, clock.GetUtcNow())
                    : known.RejectAltogether(refused.Code, clock.GetUtcNow()));
            case Reply.Doubtful doubtful:
                log.Doubtful(id, effect.Kind, doubtful.Why);
                return await LookAndRenew(payment, effect, againAtOnce: false, ct);
            default:
                log.Later(id, effect.Kind, ((Reply.Later)reply).Why);
                return null;
        }
    }

    /// <summary>A browser may have confirmed the PaymentIntent, and the webhook may be late or lost.</summary>
    public async Task<Func<Payment, Decision<Payment>>?> Look(Payment payment, CancellationToken ct) =>
        payment.StripeId is { } intent && await stripe.Look(intent, ct) is Reply.Says said
            ? known => known.Observe(said.Seen, clock.GetUtcNow())
            : null;

    // If the PaymentIntent shows that the call was never made, it is made under a new key.
    async Task<EffectOutcome<Payment>?> LookAndRenew(
        Payment payment, Effect effect, bool againAtOnce, CancellationToken ct)
    {
        Decision<Payment> Renew(Payment known) => known.Renew(effect, clock.GetUtcNow());
        var reply = payment.StripeId is { } intent
            ? await stripe.Look(intent, ct)
            : await stripe.Find(payment.OrderId, ct);
        switch (reply)
        {
            case Reply.Says said:
                return new(known => known.Observe(said.Seen, clock.GetUtcNow()).Then(Renew), againAtOnce);
            case Reply.Refused when payment.StripeId is null:   // no PaymentIntent was ever made for this order
                return new(Renew, againAtOnce);
            default:
                log.NotFound(payment.OrderId, effect.Kind, (reply as Reply.Later)?.Why ?? reply.GetType().Name);
                return null;
        }
    }
}
