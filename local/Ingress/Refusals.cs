using System.Diagnostics;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// What the ingress answers itself, in the same form as the services: RFC 9457 with a stable type. A person whose page is
/// away gets a page.
/// </summary>
static class Refusals
{
    // Between an app and its own sidecar, its orchestrator, or another app: not for people.
    static readonly PathString[] Inside = ["/dapr", "/actors", "/events", "/internal", "/health", "/healthz"];

    public static void UseRefusals(this WebApplication app, long bodyBytesMax) => app.Use((context, next) =>
        IsInside(context.Request.Path) ? Problem(context, 404, "not-found", "There is nothing here.")
        : context.Request.ContentLength > bodyBytesMax ? TooLarge(context)
        : next(context));

    /// <summary>A service that does not answer is a short absence, told as such, and never a stack trace.</summary>
    public static async Task ExplainFailure(HttpContext context, RequestDelegate next, ILogger log)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure) return;
        if (context.RequestAborted.IsCancellationRequested) return;
        if (failure.Error is ForwarderError.RequestBodyClient && !context.Response.HasStarted)
        {
            await (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(context)
                : Problem(context, 400, "bad-request", "The request ended before its body did."));
            return;
        }

        log.NoAnswer(context.Request.Method, context.Request.Path, context.GetReverseProxyFeature().Cluster.Config.ClusterId,
            failure.Exception?.GetBaseException().Message ?? $"{failure.Error}");
        if (context.Response.HasStarted) return;
        context.Response.Clear();
        context.Response.Headers.RetryAfter = "1";
        await (AwayPage.IsWanted(context.Request)
            ? AwayPage.Write(context, TraceId(context))
            : Problem(context, 503, "unavailable", "This part of the shop is away for a moment. Please try again."));
    }

    static bool IsInside(PathString path) =>
        path != "/health/live"
        && Inside.Any(inside => path.StartsWithSegments(inside, StringComparison.OrdinalIgnoreCase));

    static Task TooLarge(HttpContext context) =>
        Problem(context, 413, "too-large", "The request is larger than 64 KB.");

    static Task Problem(HttpContext context, int status, string code, string title) => TypedResults.Problem(
        title: title, statusCode: status, type: $"/problems/{code}",
        extensions: new Dictionary<string, object?>
        {
            ["traceId"] = TraceId(context),
        }).ExecuteAsync(context);

    static string TraceId(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
