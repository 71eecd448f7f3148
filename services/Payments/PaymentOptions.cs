namespace Ticketing.Payments;

/// <param name="AttemptsMax">Declined cards until the payment fails; 1 allows no second card.</param>
/// <param name="ApiBase">Stripe's address; null: the default of Stripe.net.</param>
/// <param name="ScriptUrl">The script with which the buyer's browser shows the card form.</param>
public sealed record PaymentOptions(int AttemptsMax, string? ApiBase, string ScriptUrl)
{
    const int AttemptsDefault = 3, AttemptsCeiling = 20;
    const string StripesOwnScript = "https://js.stripe.com/v3/";

    public static PaymentOptions From(IConfiguration configuration)
    {
        var attempts = configuration.GetValue("Payments:MaxAttempts", AttemptsDefault);
        if (attempts is < 1 or > AttemptsCeiling)
            throw new InvalidOperationException($"Payments:MaxAttempts is 1 to {AttemptsCeiling}, not {attempts}.");
        return new(attempts, Given("Stripe:ApiBase"), Given("Stripe:ScriptUrl") ?? StripesOwnScript);

        string? Given(string key) => configuration[key] is { Length: > 0 } text ? text : null;
    }
}
