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

/// <summary>The app id of this service, by which other apps and its sidecar know it.</summary>
public sealed record AppId(string Value);

/// <summary>The set-up that every service shares, in the order it is needed.</summary>
/// <remarks>
/// A service has a <c>static class TicketsApp { public static WebApplication Build(string[] args,
/// Action&lt;WebApplicationBuilder&gt;? configure = null) }</c>: <c>Program.cs</c> runs it. Tests run it in their own
/// process and replace parts (<see cref="ISidecar"/>, <see cref="ReadSecret"/>, <see cref="TimeProvider"/> …) in
/// <c>configure</c>, which is called last before the build.
/// </remarks>
public static class Hosting
{
    static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(10), HeadersMax = TimeSpan.FromSeconds(10);

    /// <summary>Dapr, identity, problems, health, telemetry, OpenAPI.</summary>
    public static WebApplicationBuilder AddTicketing(this WebApplicationBuilder builder, string appId)
    {
        LoopbackBypass.Install();
        var services = builder.Services;
        services.AddSingleton(new AppId(appId)).AddSingleton<AppToken>().AddSingleton<EventLog>()
            .AddSingleton<StartRefusal>().AddSingleton<OperatorSignIn>()
            .AddSingleton(provider => Replica.Start(
                appId, provider.GetRequiredService<Random>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton<DistributedContextPropagator>(new TraceHeaders(DistributedContextPropagator.Current));
        services.AddDaprClient();
        services.AddSingleton(_ => new BulkStateReads(builder.Configuration));
        services.TryAddSingleton<ISidecar, DaprSidecar>();
        services.AddTicketingProblems();
        services.AddTicketingJson();
        services.AddReadiness();
        services.AddTicketingOpenApi(appId);
        builder.AddTicketingTelemetry(appId);
        services.AddIdConstraints();
        SessionBearer.AddTo(services);
        services.AddOtherApps();
        services.TryAddSingleton<AskForRevoked>(provider =>
            RevokedSessionsPoller.FromAuth(provider.GetRequiredService<OtherApps>()));
        services.AddHostedService<RevokedSessionsPoller>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownMax);
        services.Configure<ForwardedHeadersOptions>(TrustTheIngress);
        // A line feed alone must not end a header: ingress and app must not read one request differently.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A byte beyond ASCII (such as in another site's cookie) must not fail the request.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
            kestrel.Limits.RequestHeadersTimeout = HeadersMax;
        });
        return builder;
    }

    /// <summary>The shared middleware and routes; call it before mapping the service's own.</summary>
    public static WebApplication UseTicketing(this WebApplication app)
    {
        app.Use(HeadAsGet.Answer);
        app.Use(UnreadBody.SettleAtStart);
        DevelopmentSecrets.CheckTokens(app.Configuration, app.Services.GetRequiredService<StartRefusal>());
        app.Use(SecurityHeaders.Add);
        app.UseTicketingProblems();
        // Before UseForwardedHeaders, which removes the headers that show a request came through the ingress.
        app.UseMiddleware<SidecarOnly>();
        app.Use(HostRule.Check);
        app.UseForwardedHeaders();
        var token = app.Services.GetRequiredService<AppToken>();
        app.Use((HttpContext context, RequestDelegate next) => BrowserFacts.Apply(context, next, token));
        app.Use(RequestRules.Check);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<RateLimits.Middleware>();
        app.MapHealth();
        // Only v1 exists. For another name the package itself answers, with a text that repeats the name.
        app.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json");
        app.MapSubscribeHandler();
        app.MapSessions();
        app.MapEventLog();
        return app;
    }

    // Only the ingress and the sidecar reach the app's port (network policy; loopback on one machine), so exactly one
    // hop of X-Forwarded-For is trusted.
    static void TrustTheIngress(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders =
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
        options.ForwardLimit = 1;
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
    }
}
