using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Makes the pending calls of saved payments to Stripe, and turns each reply into a rule for the payment. The store
/// repeats a call until it is no longer pending, so it may be made twice: the idempotency key makes it one charge.
/// </summary>
sealed class StripeEffects(StripeCharges stripe, ILogger<StripeEffects> log, TimeProvider clock) : IEffects<Payment>
{
    /// <summary>Stripe's search finds a new object after this time at the latest; usually within a minute.</summary>
    public static readonly TimeSpan SearchLag = TimeSpan.FromHours(1);

    /// <summary>The same call under a new idempotency key is the same effect.</summary>
    public object? Pending(Payment payment) =>
        payment.Pending is { } effect ? (effect.Kind, effect.Attempt, effect.WithoutCard) : null;

    public async Task<EffectOutcome<Payment>?> Perform(Payment payment, CancellationToken ct)
    {
        var (id, effect) = (payment.OrderId, payment.Pending!);
        // Stripe forgets keys after a day: after that only the PaymentIntent shows whether the call was made.
        if (effect.IsOld(clock.GetUtcNow()))
            return await ReadAndRenew(payment, effect, againAtOnce: true, ct);
        var reply = await stripe.Perform(payment, ct);
        PaymentMetrics.Count(effect.Kind, reply);
        switch (reply)
        {
            case Reply.Says answer:
                NoteDoubt(payment, answer.Intent);
                return new(known => known.Observe(answer.Intent, clock.GetUtcNow(), effect.Attempt?.Number));
            case Reply.Refused refused:
                log.Refused(id, effect.Kind, refused.Code);
                return new(known => effect.Attempt is { } attempt && !refused.IsOfAmount
                    ? known.Reject(attempt.Number, refused.Code, clock.GetUtcNow())
                    : known.RejectPermanently(refused.Code, clock.GetUtcNow()));
            case Reply.Doubtful doubtful:
                log.Doubtful(id, effect.Kind, doubtful.Why);
                return await ReadAndRenew(payment, effect, againAtOnce: false, ct);
            default:
                log.Later(id, effect.Kind, ((Reply.Later)reply).Why);
                return null;
        }
    }

    /// <summary>A browser may have confirmed the PaymentIntent while the webhook is late or lost.</summary>
    public async Task<Func<Payment, Decision<Payment>>?> Refresh(Payment payment, CancellationToken ct)
    {
        if (payment.StripeId is not { } intent || await stripe.Read(intent, ct) is not Reply.Says answer)
            return null;
        NoteDoubt(payment, answer.Intent);
        return known => known.Observe(answer.Intent, clock.GetUtcNow());
    }

    // If the PaymentIntent shows that the call was never made, it is repeated under a new key.
    async Task<EffectOutcome<Payment>?> ReadAndRenew(
        Payment payment, Effect effect, bool againAtOnce, CancellationToken ct)
    {
        Decision<Payment> Renew(Payment known) => known.Renew(effect, clock.GetUtcNow());
        var reply = payment.StripeId is { } intent
            ? await stripe.Read(intent, ct)
            : await stripe.Find(payment, ct);
        switch (reply)
        {
            case Reply.Says answer:
                NoteDoubt(payment, answer.Intent);
                return new(known => known.Observe(answer.Intent, clock.GetUtcNow()).Then(Renew), againAtOnce);
            // No PaymentIntent was made for this order. If one was made a moment ago with a card, a second one could
            // charge the card again: until the search would show it, the call is repeated under the same key.
            case Reply.Refused when payment.StripeId is null
                && (effect.Attempt is null || clock.GetUtcNow() - effect.Since >= SearchLag):
                return new(Renew, againAtOnce);
            default:
                log.NotReadable(payment.OrderId, effect.Kind, (reply as Reply.Later)?.Why ?? reply.GetType().Name);
                return null;
        }
    }

    void NoteDoubt(Payment payment, IntentState intent)
    {
        if (payment.DoubtOf(intent) is { } doubt)
            log.NotBelieved(payment.OrderId, intent.Id, doubt.Code);
    }
}

/// <summary>
/// A call to Stripe that is decided and not known to be done. It is saved before it is made, so that any process can
/// make it after a crash: under the same key Stripe does it once.
/// </summary>
/// <param name="Try">Grows when Stripe has stored a failure under the key, or has forgotten it.</param>
/// <param name="Since">The earliest time at which its key may have been used.</param>
/// <param name="Attempt">The buyer's attempt, if the call is to confirm it: <see cref="EffectKind.Confirm"/>, or
/// <see cref="EffectKind.Create"/> in the same call.</param>
public sealed record Effect(
    EffectKind Kind, OrderId OrderId, Money Amount, DateTimeOffset Since, int Try = 1, Attempt? Attempt = null)
    : Extensible
{
    /// <summary>Of the payment; null: it has none, and its keys carry the order's id only.</summary>
    public string? Name { get; init; }

    /// <summary>A card may have been sent under this key, and no longer is: the order has ended.</summary>
    public bool WithoutCard { get; init; }

    /// <summary>The payment method to send.</summary>
    [JsonIgnore]
    public string? Card => WithoutCard ? null : Attempt?.Method;

    /// <summary>Stripe forgets a key after 24 hours; from this age on the PaymentIntent is read first.</summary>
    public static readonly TimeSpan KeyTrusted = TimeSpan.FromHours(23);

    /// <summary>Stripe's idempotency key.</summary>
    [JsonIgnore]
    public string Key
    {
        get
        {
            var payment = Name is null ? $"{OrderId}" : $"{OrderId}:{Name}";
            var key = Kind switch
            {
                // The same with a card and without: of two such calls Stripe refuses the second, so one is created.
                EffectKind.Create => payment,
                EffectKind.Confirm => $"{payment}:confirm:{Attempt!.Number}",
                EffectKind.Capture => $"{payment}:capture",
                EffectKind.Cancel => $"{payment}:cancel",
                EffectKind.Refund => $"{payment}:refund",
                _ => throw new InvalidOperationException($"{Kind} has no key."),
            };
            return Try == 1 ? key : $"{key}:{Try}";
        }
    }

    public bool IsOld(DateTimeOffset now) => now - Since >= KeyTrusted;

    /// <summary>The same call under a new key.</summary>
    public Effect Renewed(DateTimeOffset now) => this with { Try = Try + 1, Since = now };

    /// <summary>The same call, whenever it was decided.</summary>
    public bool IsSameAs(Effect? other) => Kind == other?.Kind && Attempt == other.Attempt;
}

[JsonConverter(typeof(CamelCaseEnumConverter<EffectKind>))]
public enum EffectKind { Create, Confirm, Capture, Cancel, Refund }

/// <summary>An attempt through this API; cards typed in the browser go to Stripe directly.</summary>
/// <param name="Method">Stripe's id of the payment method.</param>
public sealed record Attempt(int Number, string Method) : Extensible;

/// <summary>The failure of an attempt.</summary>
/// <param name="Declined">By the bank. False: Stripe does not know the method, which does not count as one.</param>
public sealed record Answer(int Attempt, string Code, bool Declined) : Extensible;
