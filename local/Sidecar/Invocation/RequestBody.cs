using System.Net;
using Ticketing.Sidecar.Http;

namespace Ticketing.Sidecar.Invocation;

/// <summary>A request's body on its way through, never kept as a whole. Can be sent once.</summary>
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
            if ((sent += read.Buffer.Length) > _limit) throw new BodyTooLargeException();
            foreach (var part in read.Buffer) await stream.WriteAsync(part, cancellationToken);
            // Whoever sends piece by piece wants each to arrive before the next.
            if (!read.IsCompleted && _request.ContentLength is null) await stream.FlushAsync(cancellationToken);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _request.ContentLength ?? 0;
        return _request.ContentLength is not null;
    }
}
