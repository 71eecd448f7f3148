namespace Ticketing.Payments;

/// <param name="AttemptsMax">Refused cards until the order is given up; 1 is the strict rule.</param>
/// <param name="ApiBase">Where Stripe is; null: where Stripe.net says.</param>
/// <param name="ScriptUrl">What the buyer's browser loads to type a card into.</param>
public sealed record PaymentOptions(int AttemptsMax, string? ApiBase, string ScriptUrl)
{
    const int AttemptsUnlessSaid = 3, AttemptsCeiling = 20;
    const string StripesOwnScript = "https://js.stripe.com/v3/";

    public static PaymentOptions From(IConfiguration configuration)
    {
        var attempts = configuration.GetValue("Payments:MaxAttempts", AttemptsUnlessSaid);
        if (attempts is < 1 or > AttemptsCeiling)
            throw new InvalidOperationException($"Payments:MaxAttempts is 1 to {AttemptsCeiling}, not {attempts}.");
        return new(attempts, Given("Stripe:ApiBase"), Given("Stripe:ScriptUrl") ?? StripesOwnScript);

        string? Given(string key) => configuration[key] is { Length: > 0 } text ? text : null;
    }
}
