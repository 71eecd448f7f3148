using Ticketing.Payments;

namespace Ticketing.Simulation;

/// <summary><c>StripeEffects</c> over the simulated Stripe.</summary>
sealed class SimulatedStripeEffects(SimulatedStripe stripe, TimeProvider clock) : IEffects<Payment>
{
    DateTimeOffset Now => clock.GetUtcNow();

    public object? Pending(Payment payment) =>
        payment.Pending is { } effect ? (effect.Kind, effect.Attempt, effect.WithoutCard) : null;

    public Task<EffectOutcome<Payment>?> Perform(Payment payment, CancellationToken ct)
    {
        var effect = payment.Pending!;
        if (stripe.Perform(effect) is not { } reply)
            return Task.FromResult<EffectOutcome<Payment>?>(null);
        var intent = stripe.Read(payment.OrderId) ?? reply;
        return Task.FromResult<EffectOutcome<Payment>?>(new(
            known => known.Observe(reply, Now, effect.Attempt?.Number).Then(after =>
                // The reply stored under the key is outdated: read the intent, and renew the key.
                effect.IsSameAs(after.Pending)
                    ? after.Observe(intent, Now).Then(seen => seen.Renew(effect, Now))
                    : after),
            AgainAtOnce: true));
    }

    public Task<Func<Payment, Decision<Payment>>?> Refresh(Payment payment, CancellationToken ct) =>
        Task.FromResult<Func<Payment, Decision<Payment>>?>(
            stripe.Read(payment.OrderId) is { } intent ? known => known.Observe(intent, Now) : null);
}
