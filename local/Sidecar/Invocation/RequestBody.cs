using System.Net;

namespace Ticketing.Sidecar.Invocation;

/// <summary>A request's body on its way through, never kept as a whole. Can be sent once.</summary>
sealed class RequestBody : HttpContent
{
    readonly HttpRequest _request;

    public RequestBody(HttpRequest request)
    {
        _request = request;
        Headers.ContentLength = request.ContentLength;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var reader = _request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
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
