namespace Ticketing.StripeServer;

/// <param name="Data">The folder of the database.</param>
/// <param name="Webhook">The endpoint that every event is sent to; null: events are not sent.</param>
/// <param name="WebhookSecrets">Events are signed with each; several while one is being replaced.</param>
sealed record Settings(string Data, Uri? Webhook, IReadOnlyList<string> WebhookSecrets)
{
    public static Settings From(IConfiguration configuration)
    {
        var webhook = configuration["webhook"];
        var secrets = (configuration["webhook-secret"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (webhook is not null && secrets.Length is 0)
            throw new InvalidOperationException("--webhook needs --webhook-secret: events are never sent unsigned.");
        var data = configuration["data"] ?? Path.Combine(".data", "stripe");
        return new(data, webhook is null ? null : new Uri(webhook), secrets);
    }
}
