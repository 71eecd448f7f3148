using System.Net;

namespace Ticketing.Sidecar.Invocation;

/// <summary>Streams a request's body without buffering it. Can be sent once.</summary>
sealed class RequestBody : HttpContent
{
    readonly HttpRequest _request;
    readonly long _limit;

    public RequestBody(HttpRequest request, long limit)
    {
        (_request, _limit) = (request, limit);
        Headers.ContentLength = request.ContentLength;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var reader = _request.BodyReader;
        for (var sent = 0L; ;)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var isTooLong = read.Buffer.Length > _limit - sent;
            var allowed = isTooLong ? read.Buffer.Slice(0, _limit - sent) : read.Buffer;
            foreach (var part in allowed) await stream.WriteAsync(part, cancellationToken);
            // Flush every piece: the sender may wait for its effect before sending the next.
            if (isTooLong || (!read.IsCompleted && _request.ContentLength is null))
                await stream.FlushAsync(cancellationToken);
            sent += allowed.Length;
            reader.AdvanceTo(allowed.End);
            // The limit is exceeded, and the allowed part has already been sent: abort.
            if (isTooLong) throw new BodyTooLargeException();
            if (read.IsCompleted) return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _request.ContentLength ?? 0;
        return _request.ContentLength is not null;
    }
}
