using Microsoft.AspNetCore.Http.Features;
using Ticketing.Common;

namespace Ticketing.Ingress;

/// <summary>What a request must be before anything of it is forwarded.</summary>
static class Requests
{
    // Between an app and its own sidecar, its orchestrator, or another app: not for people.
    static readonly PathString[] Inside = ["/dapr", "/actors", "/events", "/internal", "/health", "/healthz"];

    public static void UseRequestChecks(this WebApplication app, long bodyBytesMax) => app.Use((context, next) =>
    {
        // Nothing here speaks another protocol; the proxy would make a GET of any method that asks for one.
        context.Features.Set<IHttpUpgradeFeature>(null);
        return Check(context, next, bodyBytesMax);
    });

    static Task Check(HttpContext context, RequestDelegate next, long bodyBytesMax) =>
        HasControlCharacter(context) || !NamesAHost(context.Request) ? Refusals.Unreadable(context)
        : HttpMethods.IsConnect(context.Request.Method) ? Refusals.Problem(context, 405, "method-not-allowed",
            "This address does not understand that method.")
        : IsInside(context.Request.Path) ? Refusals.Problem(context, 404, "not-found", "There is nothing here.")
        : context.Request.ContentLength > bodyBytesMax ? Refusals.TooLarge(context)
        : IsOfUnknownLength(context) ? ReadWhole(context, next)
        : next(context);

    // A service would take it for what it is not: nothing is forwarded. A tab may stand in a header (RFC 9110).
    static bool HasControlCharacter(HttpContext context) =>
        HasControlCharacter(context.Features.Get<IHttpRequestFeature>()?.RawTarget)
        || context.Request.Headers.Any(header =>
            HasControlCharacter(header.Key) || header.Value.Any(value => HasControlCharacter(value?.Replace('\t', ' '))));

    // A service refuses any other, and the client that forwards cannot write it: it would look like a service that is away.
    static bool NamesAHost(HttpRequest request) => request.Headers.Host is [var host] && HostName.IsValid(host);

    static bool HasControlCharacter(string? text) => text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text?.Contains('\x7f') is true;

    static bool IsInside(PathString path) =>
        path != "/health/live"
        && Inside.Any(inside => path.StartsWithSegments(inside, StringComparison.OrdinalIgnoreCase));

    static bool IsOfUnknownLength(HttpContext context) => context.Request.ContentLength is null
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    // In chunks a body tells its length by its end only. Read first, it is refused whole or forwarded whole.
    static async Task ReadWhole(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        using var whole = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(whole, context.RequestAborted);
        }
        // Also the size of a chunk that is no number, or too large a one.
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
