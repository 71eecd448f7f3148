using System.Diagnostics;
using Ticketing.Common;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// The ingress's own error responses, in the same form as the services': RFC 9457 with a stable type. A browser that
/// asks for a page gets a page.
/// </summary>
static class Refusals
{
    /// <summary>Answers 503 with Retry-After when a service does not answer; never a stack trace.</summary>
    public static async Task ExplainFailure(HttpContext context, RequestDelegate next, ILogger log)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure) return;
        if (context.RequestAborted.IsCancellationRequested) return;
        if (failure.Error is ForwarderError.RequestBodyClient && !context.Response.HasStarted)
        {
            await (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(context)
                : Unreadable(context));
            return;
        }

        log.NoAnswer(context.Request.Method, context.Request.Path, context.GetReverseProxyFeature().Cluster.Config.ClusterId,
            failure.Exception?.GetBaseException().Message ?? $"{failure.Error}");
        if (context.Response.HasStarted) return;
        context.Response.Clear();
        context.Response.Headers.RetryAfter = "1";
        await UnreadBody.Settle(context);
        await (UnavailablePage.IsWanted(context.Request)
            ? UnavailablePage.Write(context, TraceId(context))
            : Problem(context, 503, "unavailable", "This part of the shop is away for a moment. Please try again."));
    }

    public static Task TooLarge(HttpContext context) =>
        Problem(context, 413, "too-large", "The request is larger than this address takes.");

    public static Task Unreadable(HttpContext context) =>
        Problem(context, 400, "bad-request", "The request cannot be understood, or it ended before its body did.");

    public static async Task Problem(HttpContext context, int status, string code, string title)
    {
        await UnreadBody.Settle(context);
        await TypedResults.Problem(title: title, statusCode: status, type: $"/problems/{code}",
            extensions: new Dictionary<string, object?>
            {
                ["traceId"] = TraceId(context),
            }).ExecuteAsync(context);
    }

    static string TraceId(HttpContext context) =>
        Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
}
