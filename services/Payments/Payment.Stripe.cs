using Ticketing.Contracts;

namespace Ticketing.Payments;

// What is to be done at Stripe, and what follows from what Stripe says.
public sealed partial record Payment
{
    public static readonly Refusal AmountDiffers = new(
        409, "amount-differs", "Stripe's amount or currency is not the order's.");

    /// <summary>
    /// Hears what Stripe says: the reply to an effect, a webhook, a look at the object. In any order and any number:
    /// nothing that came later is undone by what was said earlier.
    /// </summary>
    /// <param name="answers">The attempt whose reply this is.</param>
    public Decision<Payment> Observe(Seen seen, DateTimeOffset now, int? answers = null)
    {
        if (Status is null || StripeId is not null && StripeId != seen.Id)
            return this;
        if (seen.Amount != Order!.Price)
            return AmountDiffers;
        if (StripeId is null && !IsOpen)
            return this;                                // let go before it was made: nobody can pay it
        var payment = this with { StripeId = seen.Id, ClientSecret = ClientSecret ?? seen.ClientSecret };
        if (seen.Decline is { } decline)
            payment = payment.Refused(decline);
        var heard = answers == Attempt?.Number || payment.Declines != Declines
            || seen.Status is not (IntentStatus.Open or IntentStatus.RequiresAction);
        return payment.Become(seen).Answered(heard, seen.Decline?.Code).Since(this, now);
    }

    /// <summary>A card was refused in the browser, and perhaps another one tried since.</summary>
    public Decision<Payment> Count(Decline decline, DateTimeOffset now) => Refused(decline).Since(this, now);

    /// <summary>Stripe will not have this attempt, whatever the card: it costs none.</summary>
    public Decision<Payment> Reject(int attempt, string code, DateTimeOffset now) => Attempt?.Number == attempt
        ? (this with { Attempt = null, LastAnswer = new(attempt, code, Declined: false) }).Since(this, now)
        : this;

    /// <summary>Stripe will not have a charge like this one (too small, an unknown currency …), now or later.</summary>
    public Decision<Payment> RejectAltogether(string code, DateTimeOffset now) => StripeId is null && IsOpen
        ? (this with
        {
            Status = PaymentStatus.Failed,
            Closed = true,
            Attempt = null,
            LastAnswer = Attempt is null ? LastAnswer : new(Attempt.Number, code, Declined: false),
        }).Since(this, now)
        : this;

    /// <summary>The effect is not done although its key was used: it needs another one.</summary>
    public Decision<Payment> Renew(Effect effect, DateTimeOffset now) => Pending == effect
        ? Decision.Changed(this with { Pending = effect.Renewed(now) })
        : this;

    /// <summary>What is to be done at Stripe, given everything that is known.</summary>
    EffectKind? Due => Status switch
    {
        PaymentStatus.Opened or PaymentStatus.RequiresAction =>
            OrderIsOver ? EffectKind.Cancel
            : StripeId is null ? EffectKind.Create
            : Attempt is null ? null : EffectKind.Confirm,
        PaymentStatus.Authorized when OrderIsOver => EffectKind.Cancel,
        PaymentStatus.Authorized when Order!.Status is OrderStatus.Complete => EffectKind.Capture,
        PaymentStatus.Captured when OrderIsOver => EffectKind.Refund,
        PaymentStatus.Failed when !Closed => EffectKind.Cancel,
        _ => null,
    };

    Payment Refused(Decline decline)
    {
        if (!IsOpen || Declines.Any(known => known.Id == decline.Id))
            return this;
        var refused = this with { Declines = Declines.Add(decline), Status = PaymentStatus.Opened };
        return decline.IsHard || refused.AttemptsLeft <= 0 ? refused with { Status = PaymentStatus.Failed } : refused;
    }

    // Stripe's status moves ours forward only. Money that was taken is never forgotten, whatever we had decided.
    Payment Become(Seen seen) => (seen.Status, Status) switch
    {
        (IntentStatus.Succeeded, _) when seen.RefundId is not null =>
            this with { Status = PaymentStatus.Refunded, RefundId = seen.RefundId },
        (IntentStatus.Succeeded, not PaymentStatus.Refunded) => this with { Status = PaymentStatus.Captured },
        (IntentStatus.RequiresCapture, PaymentStatus.Opened or PaymentStatus.RequiresAction) =>
            this with { Status = PaymentStatus.Authorized },
        (IntentStatus.RequiresAction, PaymentStatus.Opened) => this with { Status = PaymentStatus.RequiresAction },
        (IntentStatus.Open, PaymentStatus.RequiresAction) => this with { Status = PaymentStatus.Opened },
        (IntentStatus.Canceled, PaymentStatus.Opened or PaymentStatus.RequiresAction) =>
            this with { Status = OrderIsOver ? PaymentStatus.Voided : PaymentStatus.Failed, Closed = true },
        (IntentStatus.Canceled, PaymentStatus.Authorized) => this with { Status = PaymentStatus.Voided, Closed = true },
        (IntentStatus.Canceled, PaymentStatus.Failed) => this with { Closed = true },
        _ => this,
    };

    Payment Answered(bool heard, string? code) => !heard || Attempt is not { } attempt
        ? this
        : this with
        {
            Attempt = null,
            LastAnswer = code is not null && Status is PaymentStatus.Opened or PaymentStatus.Failed
                ? new(attempt.Number, code ?? "", Declined: true)
                : LastAnswer,
        };

    // The one place where a change gets its effect, its version and its event. The version counts what others are told.
    Decision<Payment> Since(Payment before, DateTimeOffset now)
    {
        if (this == before)
            return before;
        var due = Due is { } kind
            ? new Effect(kind, OrderId, Order!.Price, now, Attempt: kind is EffectKind.Confirm ? Attempt : null)
            : null;
        var next = this with { Pending = due?.IsSameAs(Pending) == true ? Pending : due };
        var told = Status is not null && (before.Status is null || next.Told() != before.Told());
        if (!told)
            return Decision.Changed(next with { Version = Math.Max(1, Version) });
        next = next with { Version = before.Version + 1 };
        return Decision.Changed(next, next.Announce());
    }

    PaymentSnapshot Told() => Snapshot() with { Version = 0, BookVersion = 0 };
}
