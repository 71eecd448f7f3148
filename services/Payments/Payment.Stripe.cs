using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>Our status after Stripe's status of the PaymentIntent is known.</summary>
/// <remarks>Our status only moves forward. Captured money always counts, whatever was decided before.</remarks>
static class IntentTable
{
    // Rows: the PaymentIntent. Columns: our status before. A dot leaves it unchanged.
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

    /// <param name="orderIsOver">The order ended without a sale, or is being refunded.</param>
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

// The rules for what Stripe reports.
public sealed partial record Payment
{
    public static readonly Refusal AmountDiffers = new(
        409, "amount-differs", "Stripe's amount or currency is not the order's.");
    public static readonly Refusal OtherPayment = new(
        409, "other-payment", "This PaymentIntent was made for another payment.");

    /// <summary>Why Stripe's answer is not believed; null if it is about this payment and its amount.</summary>
    public Refusal? DoubtOf(IntentState intent) =>
        intent.Name != Name || (intent.OrderId ?? OrderId) != OrderId || (intent.Buyer ?? Order!.Buyer) != Order!.Buyer
            ? OtherPayment
            : intent.Amount != Order.Price ? AmountDiffers : null;

    /// <summary>
    /// Applies Stripe's state of the PaymentIntent: from a reply, after a webhook or a refresh. States may come
    /// repeatedly and in any order: an older one undoes nothing.
    /// </summary>
    /// <param name="answers">The number of the attempt, if this is the reply to it.</param>
    public Decision<Payment> Observe(IntentState intent, DateTimeOffset now, int? answers = null)
    {
        if (Status is null || StripeId is not null && StripeId != intent.Id)
            return this;
        var doubt = DoubtOf(intent);
        if (doubt == OtherPayment)
            return OtherPayment;
        if (StripeId is null && !IsOpen)
            return this;                     // voided before the PaymentIntent was made: nobody can pay that one
        if (doubt is not null && intent.Status is not IntentStatus.Canceled)
            return CancelOf(intent, doubt, now);
        var payment = this with { StripeId = intent.Id, ClientSecret = ClientSecret ?? intent.ClientSecret };
        if (intent.Decline is { } decline)
            payment = payment.With(decline);
        var isAnswered = answers == Attempt?.Number || payment.Declines != Declines
            || intent.Status is not (IntentStatus.Open or IntentStatus.RequiresAction);
        payment = payment.With(intent, now);
        return (isAnswered ? payment.Answered(intent.Decline?.Code) : payment).ChangedFrom(this, now);
    }

    // The amount was changed at Stripe, and cannot pay for the order. While nothing is captured the PaymentIntent is
    // cancelled, so that the buyer's money is not held for nothing. Captured money is left to an operator.
    Decision<Payment> CancelOf(IntentState intent, Refusal doubt, DateTimeOffset now) =>
        Name is not null && intent.Status is not IntentStatus.Succeeded && (IsOpen || Status is PaymentStatus.Failed)
            ? (this with { StripeId = intent.Id, Status = PaymentStatus.Failed, Attempt = null }).ChangedFrom(this, now)
            : doubt;

    /// <summary>Whether Stripe's state of the PaymentIntent would change anything.</summary>
    public bool IsNews(IntentState told, DateTimeOffset now) => Observe(told, now) is { Refusal: null, Changed: true };

    /// <summary>A card was declined in the browser; another one may have been tried since.</summary>
    public Decision<Payment> CountDecline(Decline decline, DateTimeOffset now) => With(decline).ChangedFrom(this, now);

    /// <summary>Stripe refuses this attempt for a reason other than the card: it does not count as one.</summary>
    public Decision<Payment> Reject(int attempt, string code, DateTimeOffset now) => Attempt?.Number == attempt
        ? (this with
        {
            Attempt = null,
            LastAnswer = new(attempt, code, Declined: false),
            // The PaymentIntent was not created with this card: it is created without one, under another key.
            Pending = Pending is { Kind: EffectKind.Create } creation ? creation.Renewed(now) with { Attempt = null } : Pending,
        }).VoidedIfNeverCreated().ChangedFrom(this, now)
        : this;

    /// <summary>Stripe will never create such a PaymentIntent (amount too small, unknown currency …).</summary>
    public Decision<Payment> RejectPermanently(string code, DateTimeOffset now) => StripeId is null && IsOpen
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

    Payment With(IntentState intent, DateTimeOffset now) => this with
    {
        Status = IntentTable.Next(Status!.Value, intent, OrderIsOver),
        Card = intent.Card ?? Card,
        CapturedAt = CapturedAt ?? (intent.Status is IntentStatus.Succeeded
            && Status is not (PaymentStatus.Captured or PaymentStatus.Refunded) ? now : null),
        RefundId = intent.Status is IntentStatus.Succeeded && intent.RefundId is { } refund ? refund : RefundId,
        RefundedAt = intent.RefundedAt ?? RefundedAt,
        Closed = Closed || intent.Status is IntentStatus.Canceled
            && Status is not (PaymentStatus.Captured or PaymentStatus.Refunded),
    };

    Payment Answered(string? code) => Attempt is not { } attempt
        ? this
        : this with
        {
            Attempt = null,
            LastAnswer = code is not null && Status is PaymentStatus.Opened or PaymentStatus.Failed
                ? new(attempt.Number, code, Declined: true)
                : LastAnswer,
        };
}

/// <summary>A PaymentIntent as Stripe describes it in a reply or a webhook.</summary>
/// <param name="Id">The PaymentIntent's id.</param>
public sealed record IntentState(string Id, IntentStatus Status, Money Amount, string? ClientSecret)
{
    /// <summary>Of the payment that it was made for, from its metadata.</summary>
    public string? Name { get; init; }
    public string? OrderId { get; init; }
    public string? Buyer { get; init; }
    /// <summary>The card that was authorized, where Stripe tells it.</summary>
    public CardShown? Card { get; init; }
    /// <summary>The last decline, if the last card was declined.</summary>
    public Decline? Decline { get; init; }
    /// <summary>The refund, once the whole amount is refunded.</summary>
    public string? RefundId { get; init; }
    public DateTimeOffset? RefundedAt { get; init; }
}

/// <summary>Stripe's statuses, as far as the rules here distinguish them.</summary>
public enum IntentStatus { Open, Processing, RequiresAction, RequiresCapture, Succeeded, Canceled }

/// <summary>A declined card.</summary>
/// <param name="Id">The failed charge, or the payment method if there is none: each decline counts once.</param>
/// <param name="Code">Stripe's code (docs.stripe.com/declines/codes).</param>
public sealed record Decline(string Id, string Code) : Extensible
{
    /// <summary>After such a code no other card may be tried: the payment has failed.</summary>
    public bool IsHard => Code is "fraudulent" or "lost_card" or "stolen_card" or "pickup_card" or "restricted_card"
        or "merchant_blacklist" or "security_violation" or "revocation_of_all_authorizations"
        or "revocation_of_authorization";
}
