using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Common;

/// <summary>
/// Answers HEAD by the handler of GET, with the same status and headers, and drops the body. An event stream, which
/// would never end, is cancelled at its first write.
/// </summary>
public static class HeadAsGet
{
    public static async Task Answer(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        if (!HttpMethods.IsHead(request.Method))
        {
            await next(context);
            return;
        }
        var (gone, body) = (context.RequestAborted, response.Body);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone);
        (request.Method, context.RequestAborted) = (HttpMethods.Get, ended.Token);
        var server = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        response.Body = new Dropped(EndStream);
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            // The event stream was cancelled on purpose.
        }
        finally
        {
            (request.Method, context.RequestAborted, response.Body) = (HttpMethods.Head, gone, body);
        }

        async Task EndStream()
        {
            if (!IsEventStream(response))
                return;
            await server.StartAsync(gone);
            await ended.CancelAsync();
        }
    }

    static bool IsEventStream(HttpResponse response) =>
        response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>A body that drops what is written.</summary>
    /// <param name="onWrite">Called at each write.</param>
    sealed class Dropped(Func<Task> onWrite) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) { }
        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await onWrite();
        public override Task WriteAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) => onWrite();
        public override void Flush() { }
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
