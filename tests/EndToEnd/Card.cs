namespace Ticketing.EndToEnd;

/// <summary>Stripe's published test cards, as far as these journeys use them.</summary>
static class Card
{
    public const string Good = "4242424242424242", Declined = "4000000000000002", ThreeDSecure = "4000000000003220";

    /// <summary>Not Stripe's: the bank takes five seconds.</summary>
    public const string Slow = "4000000000004202";

    public static readonly string[] All = [Good, Declined, ThreeDSecure, Slow];
}
