using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Ticketing.Common;

/// <summary>The name this service has among the others and towards its sidecar.</summary>
public sealed record AppId(string Value);

/// <summary>What every service has in common, in the order it is needed.</summary>
/// <remarks>
/// A service is hosted by <c>static class TicketsApp { public static WebApplication Build(string[] args,
/// Action&lt;WebApplicationBuilder&gt;? configure = null) }</c>: <c>Program.cs</c> runs it, tests run it in their own
/// process and replace in <c>configure</c>, called last before the build, what they need to
/// (<see cref="ISidecar"/>, <see cref="ReadSecret"/>, <see cref="TimeProvider"/> …).
/// </remarks>
public static class Hosting
{
    static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(10), HeadersMax = TimeSpan.FromSeconds(10);

    /// <summary>Dapr, identity, problems, health, telemetry, OpenAPI.</summary>
    public static WebApplicationBuilder AddTicketing(this WebApplicationBuilder builder, string appId)
    {
        var services = builder.Services;
        services.AddSingleton(new AppId(appId)).AddSingleton<AppToken>().AddSingleton<EventLog>()
            .AddSingleton<StartRefusal>().AddSingleton<OperatorSignIn>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<DistributedContextPropagator>(new TraceHeaders(DistributedContextPropagator.Current));
        services.AddDaprClient();
        services.TryAddSingleton<ISidecar, DaprSidecar>();
        services.AddTicketingProblems();
        services.AddTicketingJson();
        services.AddTicketingRateLimits();
        services.AddReadiness();
        services.AddTicketingOpenApi(appId);
        builder.AddTicketingTelemetry(appId);
        services.AddIdConstraints();
        SessionBearer.AddTo(services);
        services.AddOtherApps();
        services.TryAddSingleton<AskForRevoked>(provider =>
            RevokedFeed.FromAuth(provider.GetRequiredService<OtherApps>()));
        services.AddHostedService<RevokedFeed>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownMax);
        services.Configure<ForwardedHeadersOptions>(TrustTheIngress);
        // A bare line feed ends no header: two servers in a row must not read a request differently.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A byte beyond ASCII, as in another site's cookie, is no reason to refuse the request it comes with.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = RequestRules.BodyBytesMax;
            kestrel.Limits.RequestHeadersTimeout = HeadersMax;
        });
        return builder;
    }

    /// <summary>Middleware and the routes every service serves; call it before mapping the service's own.</summary>
    public static WebApplication UseTicketing(this WebApplication app)
    {
        app.Use(HeadAsGet.Answer);
        app.Use(UnreadBody.SettleAtStart);
        DevelopmentSecrets.CheckTokens(app.Configuration, app.Services.GetRequiredService<StartRefusal>());
        app.Use(SecurityHeaders.Add);
        app.UseTicketingProblems();
        // Before the forwarded headers are taken in: they tell what came through the ingress.
        app.UseMiddleware<SidecarOnly>();
        app.Use(HostRule.Check);
        app.UseForwardedHeaders();
        var token = app.Services.GetRequiredService<AppToken>();
        app.Use((HttpContext context, RequestDelegate next) => BrowserFacts.Take(context, next, token));
        app.Use(RequestRules.Check);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.MapHealth();
        // There is one document. To the name of another the package answers in words of its own, which repeat it.
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json");
        app.MapSubscribeHandler();
        app.MapSessions();
        app.MapEventLog();
        return app;
    }

    // Only the ingress and the sidecar reach the app's port (network policy; loopback on one machine): whoever
    // connects is believed about the one hop before him, and no further.
    static void TrustTheIngress(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = 1;
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
    }
}
