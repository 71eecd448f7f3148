namespace Ticketing.EndToEnd;

/// <summary>The published test cards of Stripe that these tests use.</summary>
static class Card
{
    public const string Good = "4242424242424242", Declined = "4000000000000002", ThreeDSecure = "4000000000003220";

    /// <summary>Only in local/Stripe: stays in processing for five seconds.</summary>
    public const string Slow = "4000000000004202";

    public static readonly string[] All = [Good, Declined, ThreeDSecure, Slow];
}
