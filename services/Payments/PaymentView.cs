using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <param name="PaymentMethod">Stripe's id of a card to try at once, such as <c>pm_card_visa</c>.</param>
public sealed record PayRequest(string? OrderId, string? PaymentMethod);

/// <param name="ScriptUrl">The address of Stripe.js.</param>
public sealed record PaymentConfig(string PublishableKey, string ScriptUrl);

/// <param name="Amount">Minor units.</param>
/// <param name="ClientSecret">With it the browser confirms the payment, while it is open.</param>
public sealed record PaymentView(
    OrderId OrderId, PaymentStatus Status, long Amount, string Currency, int AttemptsLeft, string? ClientSecret,
    string? StripeId, string? StripeRefundId)
{
    /// <summary>The card that was authorized.</summary>
    public CardView? Card { get; init; }
    /// <summary>When it became known that the money was captured.</summary>
    public DateTimeOffset? CapturedAt { get; init; }
    /// <summary>When Stripe made the refund.</summary>
    public DateTimeOffset? RefundedAt { get; init; }

    public static PaymentView Of(Payment payment)
    {
        var known = payment.Snapshot();
        return new(known.OrderId, known.Status, known.Amount.Amount, known.Amount.Currency, known.AttemptsLeft,
            known.Status is PaymentStatus.Opened or PaymentStatus.RequiresAction ? payment.ClientSecret : null,
            known.StripeId, known.StripeRefundId)
        {
            Card = CardView.Of(payment.Card),
            CapturedAt = payment.CapturedAt,
            RefundedAt = payment.RefundedAt,
        };
    }
}

/// <param name="Brand">As Stripe names it: <c>visa</c>, <c>mastercard</c>, <c>amex</c> ….</param>
public sealed record CardView(string Brand, string Last4)
{
    public static CardView? Of(CardShown? card) => card is null ? null : new(card.Brand, card.Last4);
}
