using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
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
sealed class SidecarOnly(RequestDelegate next, AppId app, IConfiguration configuration, IHostEnvironment host,
    ILogger<SidecarOnly> log)
{
    const string TokenHeader = "dapr-api-token", CallerHeader = "dapr-caller-app-id", CalleeHeader = "dapr-callee-app-id";
    static readonly string[] Prefixes = [EventRoutes.Prefix, "/actors", "/dapr", EventRoutes.InternalPrefix];
    static readonly string[] SignsOfTheIngress = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"];
    static readonly Refusal BadToken = new(401, "app-token", "This route wants the sidecar's app API token.");

    // Compared as hashes: same length, constant time.
    readonly byte[]? token = configuration["APP_API_TOKEN"] is { Length: > 0 } text ? Hash(text) : null;

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
        return HasToken(context.Request.Headers) ? next(context) : BadToken.ToProblem().ExecuteAsync(context);
    }

    // A call of an actor names its caller: that may be this app itself, never another one.
    bool IsFromAfar(IHeaderDictionary headers) =>
        headers.ContainsKey(CalleeHeader)
        || headers.TryGetValue(CallerHeader, out var caller) && caller != app.Value
        || SignsOfTheIngress.Any(headers.ContainsKey);

    bool HasToken(IHeaderDictionary headers) => token is null
        ? host.IsDevelopment()
        : headers[TokenHeader] is [{ } given] && CryptographicOperations.FixedTimeEquals(token, Hash(given));

    static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
