namespace Ticketing.StripeServer;

/// <param name="Data">The folder of the database.</param>
/// <param name="Webhook">The endpoint that every event is sent to; null: events are not sent.</param>
/// <param name="WebhookSecrets">Events are signed with each; several while one is being replaced.</param>
sealed record Settings(string Data, Uri? Webhook, IReadOnlyList<string> WebhookSecrets)
{
    public const string Usage = """
        A local server with Stripe's API.
          --urls http://localhost:5010      where it listens
          --data .data/stripe               the folder of its database
          --webhook URL                     the endpoint that every event is sent to
          --webhook-secret whsec_local      events are signed with it; two, separated by a comma, give two signatures
        """;

    static readonly string[] Known = ["urls", "data", "webhook", "webhook-secret"];

    /// <summary>Names with a colon, as of <c>--Logging:LogLevel:Default</c>, are settings of ASP.NET Core.</summary>
    /// <exception cref="FormatException">An option is not known: the configuration would ignore it.</exception>
    public static void CheckOptions(IEnumerable<string> arguments)
    {
        var names = arguments.Where(argument => argument.StartsWith('-'))
            .Select(argument => argument.TrimStart('-').Split('=')[0]);
        if (names.FirstOrDefault(name => !Known.Contains(name) && !name.Contains(':')) is { } wrong)
            throw new FormatException($"There is no option --{wrong}. All options: --help");
    }

    public static Settings From(IConfiguration configuration)
    {
        var webhook = configuration["webhook"];
        var secrets = (configuration["webhook-secret"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (webhook is not null && secrets.Length is 0)
            throw new FormatException("--webhook needs --webhook-secret: events are never sent unsigned.");
        var data = configuration["data"] ?? Path.Combine(".data", "stripe");
        return new(data, webhook is null ? null : new Uri(webhook), secrets);
    }
}
