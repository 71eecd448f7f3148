using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>What Stripe says of a PaymentIntent, whatever it was that made it say so.</summary>
/// <param name="Id">The PaymentIntent's.</param>
public sealed record Seen(string Id, IntentStatus Status, Money Amount, string? ClientSecret)
{
    /// <summary>The last card that was refused, if the last one was.</summary>
    public Decline? Decline { get; init; }
    /// <summary>The refund, once all of it went back.</summary>
    public string? RefundId { get; init; }
}

/// <summary>Stripe's statuses, as far as they make a difference here.</summary>
public enum IntentStatus { Open, Processing, RequiresAction, RequiresCapture, Succeeded, Canceled }

/// <summary>A card was refused.</summary>
/// <param name="Id">The failed charge or, where it came to none, the payment method: each refusal counts once.</param>
/// <param name="Code">In Stripe's words (docs.stripe.com/declines/codes).</param>
public sealed record Decline(string Id, string Code)
{
    /// <summary>Whoever shows such a card is not asked for another one.</summary>
    public bool IsHard => Code is "fraudulent" or "lost_card" or "stolen_card" or "pickup_card" or "restricted_card"
        or "merchant_blacklist" or "security_violation" or "revocation_of_all_authorizations"
        or "revocation_of_authorization";
}
