using System.Text.Json.Serialization;
using Ticketing.Contracts;

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
                return new(known => known.Observe(said.Intent, clock.GetUtcNow(), effect.Attempt?.Number));
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
            ? known => known.Observe(said.Intent, clock.GetUtcNow())
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
                return new(known => known.Observe(said.Intent, clock.GetUtcNow()).Then(Renew), againAtOnce);
            case Reply.Refused when payment.StripeId is null:   // no PaymentIntent was ever made for this order
                return new(Renew, againAtOnce);
            default:
                log.NotFound(payment.OrderId, effect.Kind, (reply as Reply.Later)?.Why ?? reply.GetType().Name);
                return null;
        }
    }
}

/// <summary>
/// A call to Stripe that is decided and not yet known to be done. It is saved before it is made, so that any process
/// that finds it can make it: under the same key Stripe does it once.
/// </summary>
/// <param name="Try">Grows when Stripe remembers a failure under the key, or has forgotten it.</param>
/// <param name="Since">When its key was first used, at the earliest.</param>
/// <param name="Attempt">The buyer's attempt it belongs to: only confirming has one.</param>
public sealed record Effect(
    EffectKind Kind, OrderId OrderId, Money Amount, DateTimeOffset Since, int Try = 1, Attempt? Attempt = null)
{
    /// <summary>Stripe forgets a key after 24 hours; from here on the object is looked up first.</summary>
    public static readonly TimeSpan KeyTrusted = TimeSpan.FromHours(23);

    /// <summary>Stripe's idempotency key.</summary>
    [JsonIgnore]
    public string Key
    {
        get
        {
            var key = Kind switch
            {
                EffectKind.Create => $"{OrderId}",
                EffectKind.Confirm => $"{OrderId}:confirm:{Attempt!.Number}",
                EffectKind.Capture => $"{OrderId}:capture",
                EffectKind.Cancel => $"{OrderId}:cancel",
                EffectKind.Refund => $"{OrderId}:refund",
                _ => throw new InvalidOperationException($"{Kind} has no key."),
            };
            return Try == 1 ? key : $"{key}:{Try}";
        }
    }

    public bool IsOld(DateTimeOffset now) => now - Since >= KeyTrusted;

    /// <summary>A new key, after a look has shown that it is still to be done.</summary>
    public Effect Renewed(DateTimeOffset now) => this with { Try = Try + 1, Since = now };

    /// <summary>The same thing to do, whenever it was decided.</summary>
    public bool IsSameAs(Effect? other) => Kind == other?.Kind && Attempt == other.Attempt;
}

[JsonConverter(typeof(CamelCaseEnumConverter<EffectKind>))]
public enum EffectKind { Create, Confirm, Capture, Cancel, Refund }

/// <summary>A card tried through this API; cards typed in the browser go to Stripe directly.</summary>
/// <param name="Method">Stripe's id of the payment method.</param>
public sealed record Attempt(int Number, string Method);

/// <summary>How an attempt failed.</summary>
/// <param name="Declined">By the bank; false: Stripe knows no such method, which does not count as an attempt.</param>
public sealed record Answer(int Attempt, string Code, bool Declined);
