using System.IO.Pipelines;
#pragma warning disable IDE0005 // The ingress compiles this file too, and uses them all.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Common;

/// <summary>
/// Handles a request body that was not read completely before the response. On a kept connection its bytes come before
/// the next request, and the server would close that connection without a response.
/// </summary>
static class UnreadBody
{
    /// <summary>As a multiple of the largest body that is accepted.</summary>
    const int DrainMultiple = 4;
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(1);

    /// <summary>Middleware: settles the body of every request when its response starts.</summary>
    public static Task SettleAtStart(HttpContext context, RequestDelegate next)
    {
        if (CanHaveBody(context))
            context.Response.OnStarting(static state => Settle((HttpContext)state), context);
        return next(context);
    }

    /// <summary>
    /// Reads the rest and drops it. If that is too much, too slow or was never asked for, the response says
    /// <c>Connection: close</c>. Call it before the response starts and while nothing else reads the body.
    /// </summary>
    public static async Task Settle(HttpContext context)
    {
        if (!CanHaveBody(context) || await IsDrained(context))
            return;
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
    }

    static bool CanHaveBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;

    static async Task<bool> IsDrained(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        var drainBytesMax = DrainMultiple * (long)BodyLimit.Of(context.Request);
        var isUntouched = limit is { IsReadOnly: false };
        // Reading would make the server send "100 Continue" and so ask for the body.
        if (isUntouched && context.Request.Headers.Expect.Count > 0 || context.Request.ContentLength > drainBytesMax)
            return false;
        if (isUntouched)
            limit!.MaxRequestBodySize = drainBytesMax;
        var body = context.Request.BodyReader;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        // A read cancelled by a token stays pending for the server, whose own drain would then log an error.
        using var end = timeout.Token.Register(() => CancelRead(body));
        timeout.CancelAfter(DrainMax);
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(CancellationToken.None);
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCanceled || read.IsCompleted)
                    return read.IsCompleted;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Larger than the limit, too slow, disconnected, or left unfinished by a failed reader.
            return false;
        }
    }

    static void CancelRead(PipeReader body)
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The connection is aborted, and its read with it.
        }
    }
}
