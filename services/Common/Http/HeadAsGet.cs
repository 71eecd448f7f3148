using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// HEAD is answered by whatever answers GET, with the same status and headers: the server sends no body to a HEAD
/// request, whatever is written. An event stream is ended as soon as its headers are on their way.
/// </summary>
static class HeadAsGet
{
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!HttpMethods.IsHead(request.Method))
        {
            await next(context);
            return;
        }
        var gone = context.RequestAborted;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone);
        var isAnswering = true;
        context.Response.OnStarting(() =>
            isAnswering && IsEventStream(context.Response) ? ended.CancelAsync() : Task.CompletedTask);
        (request.Method, context.RequestAborted) = (HttpMethods.Get, ended.Token);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            // The stream that was ended: its headers are out, and there is no more to a HEAD.
        }
        finally
        {
            isAnswering = false;
            (request.Method, context.RequestAborted) = (HttpMethods.Head, gone);
        }
    }

    static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;
}
