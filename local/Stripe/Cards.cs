namespace Ticketing.StripeServer;

/// <summary>A test card, and the result of charging it.</summary>
/// <param name="Name">The end of its <c>pm_card_…</c> id.</param>
/// <param name="Decline">Stripe's decline code; null: approved.</param>
/// <param name="Challenge">3-D Secure is required first.</param>
/// <param name="Slow">The payment stays in <c>processing</c> for a while.</param>
sealed record Card(
    string Name, string Number, string Brand = "visa", string? Decline = null, bool Challenge = false,
    bool Slow = false)
{
    public string Last4 => Number[^4..];

    /// <summary>Most declines carry the code <c>card_declined</c>; a few are codes of their own.</summary>
    public string Code =>
        Decline is "expired_card" or "incorrect_cvc" or "processing_error" ? Decline : "card_declined";

    public string Message => Decline switch
    {
        "insufficient_funds" => "Your card has insufficient funds.",
        "expired_card" => "Your card has expired.",
        "incorrect_cvc" => "Your card's security code is incorrect.",
        "processing_error" => "An error occurred while processing your card. Try again in a little bit.",
        // The message must not tell the person that the card is known as lost, stolen or suspicious.
        _ => "Your card was declined.",
    };
}

/// <summary>Stripe's published test cards (docs.stripe.com/testing), and one of our own: <c>processing</c>.</summary>
static class Cards
{
    static readonly Card[] All =
    [
        new("visa", "4242424242424242"),
        new("visa_debit", "4000056655665556"),
        new("mastercard", "5555555555554444", "mastercard"),
        new("amex", "378282246310005", "amex"),
        new("discover", "6011111111111117", "discover"),

        new("visa_chargeDeclined", "4000000000000002", Decline: "generic_decline"),
        new("visa_chargeDeclinedInsufficientFunds", "4000000000009995", Decline: "insufficient_funds"),
        new("visa_chargeDeclinedLostCard", "4000000000009987", Decline: "lost_card"),
        new("visa_chargeDeclinedStolenCard", "4000000000009979", Decline: "stolen_card"),
        new("visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", Decline: "card_velocity_exceeded"),
        new("chargeDeclinedExpiredCard", "4000000000000069", Decline: "expired_card"),
        new("chargeDeclinedIncorrectCvc", "4000000000000127", Decline: "incorrect_cvc"),
        new("chargeDeclinedProcessingError", "4000000000000119", Decline: "processing_error"),
        new("chargeDeclinedFraudulent", "4100000000000019", Decline: "fraudulent"),

        new("threeDSecure2Required", "4000000000003220", Challenge: true),
        new("threeDSecureRequired", "4000000000003063", Challenge: true),
        new("authenticationRequired", "4000002760003184", Challenge: true),
        new("threeDSecureRequiredChargeDeclined", "4000008400001629", Decline: "generic_decline", Challenge: true),

        new("processing", "4000000000004202", Slow: true),
    ];

    static readonly Dictionary<string, Card> ByNumber = All.ToDictionary(card => card.Number);
    static readonly Dictionary<string, Card> ByName = All.ToDictionary(card => card.Name)
        // Stripe has more than one name for these.
        .Append(new("chargeDeclined", ByNumber["4000000000000002"]))
        .Append(new("chargeDeclinedInsufficientFunds", ByNumber["4000000000009995"]))
        .Append(new("chargeDeclinedLostCard", ByNumber["4000000000009987"]))
        .Append(new("chargeDeclinedStolenCard", ByNumber["4000000000009979"]))
        .Append(new("visa_chargeDeclinedExpiredCard", ByNumber["4000000000000069"]))
        .Append(new("visa_chargeDeclinedIncorrectCvc", ByNumber["4000000000000127"]))
        .Append(new("visa_chargeDeclinedProcessingError", ByNumber["4000000000000119"]))
        .Append(new("visa_chargeDeclinedFraudulent", ByNumber["4100000000000019"]))
        .Append(new("radarBlock", ByNumber["4100000000000019"]))
        .ToDictionary();

    public static Card? Named(string name) => ByName.GetValueOrDefault(name);

    public static Card? Numbered(string number) =>
        ByNumber.GetValueOrDefault(number.Replace(" ", "", StringComparison.Ordinal));
}
