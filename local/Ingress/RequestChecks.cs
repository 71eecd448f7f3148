using Microsoft.AspNetCore.Http.Features;
using Ticketing.Common;

namespace Ticketing.Ingress;

/// <summary>Checks every request before any of it is forwarded.</summary>
static class RequestChecks
{
    // For an app's own sidecar, its orchestrator and other apps: not reachable from outside.
    static readonly PathString[] InternalPaths = ["/dapr", "/actors", "/events", "/internal", "/health", "/healthz"];

    public static void UseRequestChecks(this WebApplication app) => app.Use((context, next) =>
    {
        // No service uses WebSockets; the proxy would turn any method with an Upgrade header into a GET.
        context.Features.Set<IHttpUpgradeFeature>(null);
        BodyLimit.Set(context);
        return Check(context, next);
    });

    static Task Check(HttpContext context, RequestDelegate next) =>
        HasControlCharacter(context) || !HasValidHost(context.Request) ? Refusals.Unreadable(context)
        : HttpMethods.IsConnect(context.Request.Method) ? Refusals.Problem(context, 405, "method-not-allowed",
            "This address does not understand that method.")
        : IsInternal(context.Request.Path) ? Refusals.Problem(context, 404, "not-found", "There is nothing here.")
        : context.Request.ContentLength > BodyLimit.Of(context.Request) ? Refusals.TooLarge(context)
        : IsOfUnknownLength(context) ? ReadWhole(context, next)
        : next(context);

    // A control character could make a service read the request differently. Tabs are allowed in headers (RFC 9110).
    static bool HasControlCharacter(HttpContext context) =>
        HasControlCharacter(context.Features.Get<IHttpRequestFeature>()?.RawTarget)
        || context.Request.Headers.Any(header =>
            HasControlCharacter(header.Key) || header.Value.Any(value => HasControlCharacter(value?.Replace('\t', ' '))));

    // The forwarding client cannot send an invalid host; that would be reported as a service that does not answer.
    static bool HasValidHost(HttpRequest request) => request.Headers.Host is [var host] && HostName.IsValid(host);

    static bool HasControlCharacter(string? text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text?.Contains('\x7f') is true;

    static bool IsInternal(PathString path) =>
        path != "/health/live"
        && InternalPaths.Any(inside => path.StartsWithSegments(inside, StringComparison.OrdinalIgnoreCase));

    static bool IsOfUnknownLength(HttpContext context) => context.Request.ContentLength is null
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    // A chunked body's length is known only at its end. It is read first, so that it is forwarded completely or not at
    // all.
    static async Task ReadWhole(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        using var whole = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(whole, context.RequestAborted);
        }
        // Also thrown for a chunk size that is not a number, or too large.
        catch (IOException bad) when (!context.RequestAborted.IsCancellationRequested)
        {
            await (bad is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? Refusals.TooLarge(context) : Refusals.Unreadable(context));
            return;
        }
        whole.Position = 0;
        request.Headers.Remove("Transfer-Encoding");
        (request.Body, request.ContentLength) = (whole, whole.Length);
        await next(context);
    }
}
