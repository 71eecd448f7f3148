using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Guards the routes that browsers must not reach: only this app's own sidecar may call events, actors and Dapr's own
/// routes; other apps (through their sidecars) and operators with the token may also call <c>/internal</c>.
/// </summary>
/// <remarks>
/// Service invocation forwards any path with the same token as a delivery: another app could "invoke" an event route.
/// The guard goes by path, before routing, so a route that was not put into a group is guarded too.
/// </remarks>
sealed class SidecarOnly(RequestDelegate next, AppId app, AppToken token, ILogger<SidecarOnly> log)
{
    internal const string CallerHeader = "dapr-caller-app-id";
    const string CalleeHeader = "dapr-callee-app-id";
    static readonly string[] Prefixes = [EventRoutes.Prefix, "/actors", "/dapr", EventRoutes.InternalPrefix];
    static readonly string[] SignsOfTheIngress = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"];
    static readonly Refusal BadToken = new(401, "app-token", "This route wants the sidecar's app API token.");

    public static bool Guards(PathString path) => Prefixes.Any(prefix => path.StartsWithSegments(prefix));

    public Task InvokeAsync(HttpContext context)
    {
        if (!Guards(context.Request.Path))
            return next(context);
        if (!context.Request.Path.StartsWithSegments(EventRoutes.InternalPrefix)
            && IsFromOtherApp(context.Request.Headers))
        {
            log.FromAfar(context.Request.Path);
            return Problems.Of(StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
        return token.IsShownBy(context.Request) ? next(context) : BadToken.ToProblem().ExecuteAsync(context);
    }

    // A call to an actor names its caller: only this app itself is allowed.
    bool IsFromOtherApp(IHeaderDictionary headers) =>
        headers.ContainsKey(CalleeHeader)
        || headers.TryGetValue(CallerHeader, out var caller) && caller != app.Value
        || SignsOfTheIngress.Any(headers.ContainsKey);
}
