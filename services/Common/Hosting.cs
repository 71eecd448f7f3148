using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ticketing.Common;

/// <summary>The name this service has among the others and towards its sidecar.</summary>
public sealed record AppId(string Value);

/// <summary>What every service has in common, in the order it is needed.</summary>
public static class Hosting
{
    /// <summary>Dapr, identity, problems, health, telemetry, OpenAPI.</summary>
    public static WebApplicationBuilder AddTicketing(this WebApplicationBuilder builder, string appId)
    {
        builder.Services.AddSingleton(new AppId(appId));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(Random.Shared);
        builder.Services.AddDaprClient();
        builder.Services.AddTicketingProblems();
        return builder;
    }

    /// <summary>Middleware and the routes every service serves; call it before mapping the service's own.</summary>
    public static WebApplication UseTicketing(this WebApplication app)
    {
        app.UseTicketingProblems();
        app.MapSubscribeHandler();
        return app;
    }

    /// <summary>The group for routes that only this app's own sidecar may call.</summary>
    public static RouteGroupBuilder MapEvents(this IEndpointRouteBuilder app) => app.MapGroup("/events");
}
