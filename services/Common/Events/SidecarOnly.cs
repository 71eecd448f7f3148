using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Guards the routes that are not for people: events, actors and Dapr's own are only for this app's own sidecar,
/// <c>/internal</c> also for other apps through theirs and for an operator who has the token.
/// </summary>
/// <remarks>
/// Service invocation forwards any path and carries the same token as a delivery: another app could otherwise "invoke"
/// an event. Guarding by path, before routing, fails closed for a route somebody forgot to put into a group.
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
        if (!context.Request.Path.StartsWithSegments(EventRoutes.InternalPrefix) && IsFromAfar(context.Request.Headers))
        {
            log.FromAfar(context.Request.Path);
            return Problems.Of(StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
        return token.IsShownBy(context.Request) ? next(context) : BadToken.ToProblem().ExecuteAsync(context);
    }

    // A call of an actor names its caller: that may be this app itself, never another one.
    bool IsFromAfar(IHeaderDictionary headers) =>
        headers.ContainsKey(CalleeHeader)
        || headers.TryGetValue(CallerHeader, out var caller) && caller != app.Value
        || SignsOfTheIngress.Any(headers.ContainsKey);
}
