using System.IO.Pipelines;
#pragma warning disable IDE0005 // The ingress compiles this file too, and there it is used everywhere.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Common;

/// <summary>
/// What is left of a request's body when its answer is known before it was read. On a connection that is kept, those
/// bytes stand before the next request: the server would hang up on that one without a word.
/// </summary>
static class UnreadBody
{
    /// <summary>Four times the largest body that is accepted.</summary>
    const int DrainBytesMax = 256 * 1024;
    static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(1);

    /// <summary>Middleware: settles the body of every request when its answer begins.</summary>
    public static Task SettleAtStart(HttpContext context, RequestDelegate next)
    {
        if (CanHaveBody(context))
            context.Response.OnStarting(static state => Settle((HttpContext)state), context);
        return next(context);
    }

    /// <summary>
    /// Reads the rest and drops it. Is it too long or too slow for that, or was it not even asked for, the answer says
    /// <c>Connection: close</c>. To be called before the answer begins and while nobody else reads.
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
        var isUntouched = limit is { IsReadOnly: false };
        // To read is to tell the client that its body is wanted.
        if (isUntouched && context.Request.Headers.Expect.Count > 0 || context.Request.ContentLength > DrainBytesMax)
            return false;
        if (isUntouched)
            limit!.MaxRequestBodySize = DrainBytesMax;
        var body = context.Request.BodyReader;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        // A read that a token cancels counts as going on: the server, which reads what is left as well, would log an error.
        using var end = patience.Token.Register(() => CancelRead(body));
        patience.CancelAfter(DrainMax);
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
            // Larger than the limit, too slow, hung up, or left in the middle by a reader that failed.
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
            // The connection is aborted already, and the read with it.
        }
    }
}
