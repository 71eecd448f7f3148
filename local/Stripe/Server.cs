using System.Security.Cryptography;

namespace Ticketing.StripeServer;

/// <summary>
/// A Stripe that runs on one machine: Stripe.net works with it when only <c>ApiBase</c> is changed. It moves no money,
/// knows only test cards, and keeps books of its own.
/// Options: <c>--urls</c>, <c>--data DIR</c>, <c>--webhook URL</c>, <c>--webhook-secret SECRET[,SECRET]</c>.
/// </summary>
public static class Server
{
    const int BodyMax = 64 * 1024, IdBytes = 12;
    static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(10);

    /// <param name="clock">Whose time it runs on; the machine's when null.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = BodyMax);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, LocalJson.Default));
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddSingleton(Settings.From(builder.Configuration));
        builder.Services.AddSingleton<NewId>(
            prefix => $"{prefix}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}");
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton(Open);
        builder.Services.AddSingleton<Api>();
        builder.Services.AddSingleton(new HttpClient { Timeout = WebhookTimeout });
        builder.Services.AddHostedService<Webhooks>();
        builder.Services.AddHostedService<SlowCards>();

        var app = builder.Build();
        app.MapApi();
        app.MapPages();
        app.MapLocal();
        app.MapGet("/health/live", () => "ok");
        return app;
    }

    static Database Open(IServiceProvider services)
    {
        var settings = services.GetRequiredService<Settings>();
        return new(settings.Data, connection => new Books(
            connection, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<NewId>(),
            services.GetRequiredService<Faults>(), settings.Webhook is not null));
    }
}
