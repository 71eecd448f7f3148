using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>What our status becomes when Stripe has told the PaymentIntent's.</summary>
/// <remarks>Our status moves forward only. Money that was taken counts, whatever was decided before.</remarks>
static class IntentTable
{
    // Down: the PaymentIntent. Across: our status before. A dot leaves it as it is.
    const string Text = """
                           Opened          RequiresAction  Authorized  Captured  Voided    Failed    Refunded
        Open               .               Opened          .           .         .         .         .
        Processing         .               .               .           .         .         .         .
        RequiresAction     RequiresAction  .               .           .         .         .         .
        RequiresCapture    Authorized      Authorized      .           .         .         .         .
        Succeeded          Captured        Captured        Captured    .         Captured  Captured  .
        Refunded           Refunded        Refunded        Refunded    Refunded  Refunded  Refunded  .
        Canceled           Failed          Failed          Voided      .         .         .         .
        CanceledOrderOver  Voided          Voided          Voided      .         .         .         .
        """;

    static readonly Dictionary<(string Row, PaymentStatus Before), PaymentStatus> cells = Parse();

    /// <param name="orderIsOver">The order ended without the ticket being sold, or is being refunded.</param>
    public static PaymentStatus Next(PaymentStatus before, IntentState intent, bool orderIsOver)
    {
        var row = intent.Status switch
        {
            IntentStatus.Succeeded when intent.RefundId is not null => "Refunded",
            IntentStatus.Canceled when orderIsOver => "CanceledOrderOver",
            var status => status.ToString(),
        };
        return cells[(row, before)];
    }

    static Dictionary<(string, PaymentStatus), PaymentStatus> Parse()
    {
        var lines = Text.ReplaceLineEndings("\n").Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return (from row in lines.Skip(1)
                from column in Enumerable.Range(0, lines[0].Length)
                let before = Enum.Parse<PaymentStatus>(lines[0][column])
                let cell = row[column + 1]
                select ((row[0], before), cell is "." ? before : Enum.Parse<PaymentStatus>(cell)))
            .ToDictionary(cell => cell.Item1, cell => cell.Item2);
    }
}

// What follows from what Stripe says.
public sealed partial record Payment
{
    public static readonly Refusal AmountDiffers = new(
        409, "amount-differs", "Stripe's amount or currency is not the order's.");

    /// <summary>
    /// Applies what Stripe says of the PaymentIntent: in a reply to a call, after a webhook, or when looked up.
    /// In any order and any number: nothing that came later is undone by what was said earlier.
    /// </summary>
    /// <param name="answers">The number of the attempt whose reply this is.</param>
    public Decision<Payment> Observe(IntentState intent, DateTimeOffset now, int? answers = null)
    {
        if (Status is null || StripeId is not null && StripeId != intent.Id)
            return this;
        if (intent.Amount != Order!.Price)
            return AmountDiffers;
        if (StripeId is null && !IsOpen)
            return this;                     // it ended before the PaymentIntent was made: nobody can pay that one
        var payment = this with { StripeId = intent.Id, ClientSecret = ClientSecret ?? intent.ClientSecret };
        if (intent.Decline is { } decline)
            payment = payment.With(decline);
        var isAnswered = answers == Attempt?.Number || payment.Declines != Declines
            || intent.Status is not (IntentStatus.Open or IntentStatus.RequiresAction);
        payment = payment.With(intent);
        return (isAnswered ? payment.Answered(intent.Decline?.Code) : payment).ChangedFrom(this, now);
    }

    /// <summary>A card was refused in the browser, and perhaps another one tried since.</summary>
    public Decision<Payment> CountDecline(Decline decline, DateTimeOffset now) => With(decline).ChangedFrom(this, now);

    /// <summary>Stripe refuses this attempt, whatever the card: it does not count as one.</summary>
    public Decision<Payment> Reject(int attempt, string code, DateTimeOffset now) => Attempt?.Number == attempt
        ? (this with { Attempt = null, LastAnswer = new(attempt, code, Declined: false) }).ChangedFrom(this, now)
        : this;

    /// <summary>Stripe refuses to make such a PaymentIntent (too small, an unknown currency …), now or later.</summary>
    public Decision<Payment> RejectAltogether(string code, DateTimeOffset now) => StripeId is null && IsOpen
        ? (this with
        {
            Status = PaymentStatus.Failed,
            Closed = true,
            Attempt = null,
            LastAnswer = Attempt is null ? LastAnswer : new(Attempt.Number, code, Declined: false),
        }).ChangedFrom(this, now)
        : this;

    /// <summary>The call was not made although its key was used: it needs another key.</summary>
    public Decision<Payment> Renew(Effect effect, DateTimeOffset now) => Pending == effect
        ? Decision.Changed(this with { Pending = effect.Renewed(now) })
        : this;

    Payment With(Decline decline)
    {
        if (!IsOpen || Declines.Any(known => known.Id == decline.Id))
            return this;
        var refused = this with { Declines = Declines.Add(decline), Status = PaymentStatus.Opened };
        return decline.IsHard || refused.AttemptsLeft <= 0 ? refused with { Status = PaymentStatus.Failed } : refused;
    }

    Payment With(IntentState intent) => this with
    {
        Status = IntentTable.Next(Status!.Value, intent, OrderIsOver),
        RefundId = intent.Status is IntentStatus.Succeeded && intent.RefundId is { } refund ? refund : RefundId,
        Closed = Closed || intent.Status is IntentStatus.Canceled
            && Status is not (PaymentStatus.Captured or PaymentStatus.Refunded),
    };

    Payment Answered(string? code) => Attempt is not { } attempt
        ? this
        : this with
        {
            Attempt = null,
            LastAnswer = code is not null && Status is PaymentStatus.Opened or PaymentStatus.Failed
                ? new(attempt.Number, code ?? "", Declined: true)
                : LastAnswer,
        };
}

/// <summary>A PaymentIntent as Stripe describes it, in a reply, a webhook or a look.</summary>
/// <param name="Id">The PaymentIntent's.</param>
public sealed record IntentState(string Id, IntentStatus Status, Money Amount, string? ClientSecret)
{
    /// <summary>The last card that was refused, if the last one was.</summary>
    public Decline? Decline { get; init; }
    /// <summary>The refund, once all of it went back.</summary>
    public string? RefundId { get; init; }
}

/// <summary>Stripe's statuses, as far as they make a difference here.</summary>
public enum IntentStatus { Open, Processing, RequiresAction, RequiresCapture, Succeeded, Canceled }

/// <summary>A card was refused.</summary>
/// <param name="Id">The failed charge or, where there is none, the payment method: each refusal counts once.</param>
/// <param name="Code">In Stripe's words (docs.stripe.com/declines/codes).</param>
public sealed record Decline(string Id, string Code)
{
    /// <summary>After such a code no other card is asked for: the payment has failed.</summary>
    public bool IsHard => Code is "fraudulent" or "lost_card" or "stolen_card" or "pickup_card" or "restricted_card"
        or "merchant_blacklist" or "security_violation" or "revocation_of_all_authorizations"
        or "revocation_of_authorization";
}
