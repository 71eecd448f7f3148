using System.Security.Cryptography;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Ticketing.Common;

namespace Ticketing.StripeServer;

/// <summary>
/// A local server with Stripe's API: Stripe.net works with it if only <c>ApiBase</c> is changed. It moves no money,
/// knows only test cards, and has a ledger for audits. Options: <c>--urls</c>, <c>--data DIR</c>, <c>--webhook URL</c>,
/// <c>--webhook-secret SECRET[,SECRET]</c>.
/// </summary>
public static class Server
{
    const int BodyMax = 64 * 1024, IdBytes = 12;
    static readonly TimeSpan WebhookTimeout = TimeSpan.FromSeconds(10);

    /// <param name="clock">The system clock when null.</param>
    public static WebApplication Build(string[] args, TimeProvider? clock = null)
    {
        LoopbackBypass.Install();
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
        app.UseExceptionHandler(failure => failure.Run(Explain));
        app.MapApi();
        app.MapPages();
        app.MapLocal();
        app.MapGet("/health/live", () => "ok");
        return app;
    }

    /// <summary>An unreadable request is a 400. A bug is a 500 without details; the middleware logs it.</summary>
    static Task Explain(HttpContext context)
    {
        var status = context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            IOException or InvalidDataException or NotSupportedException => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status500InternalServerError,
        };
        context.Response.StatusCode = status;
        var type = status < 500 ? "invalid_request_error" : "api_error";
        return context.Response.WriteAsync(
            $$$"""{"error":{"type":"{{{type}}}","message":"The request cannot be read, or this server failed."}}""");
    }

    static Database Open(IServiceProvider services)
    {
        var settings = services.GetRequiredService<Settings>();
        return new(settings.Data, connection => new StripeStore(
            connection, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<NewId>(),
            services.GetRequiredService<Faults>(), settings.Webhook is not null));
    }
}
