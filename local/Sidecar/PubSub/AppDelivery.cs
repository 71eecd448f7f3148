using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Posts events to the app.</summary>
sealed class AppDelivery(AppSidecar sidecar)
{
    static readonly SearchValues<char> Printable = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x7f - 0x20).Select(c => (char)c)));

    static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "content-type", "content-length", "host", "transfer-encoding", "connection", "traceparent", "pubsubName",
    };

    /// <exception cref="HttpRequestException">The app could not be reached, or the connection broke.</exception>
    public async Task<AppAnswer> SendAsync(IncomingEvent incoming, string pubSub, string path, CancellationToken ct)
    {
        using var request = sidecar.App.Request(HttpMethod.Post, path);
        request.Content = new ReadOnlyMemoryContent(incoming.Data);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.ContentType);
        // Values that are invalid in a header are left out; daprd fails the delivery, or sends an invalid header.
        foreach (var (name, value) in incoming.Metadata)
            if (!Own.Contains(name) && value.AsSpan().IndexOfAnyExcept(Printable) < 0)
                request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("pubsubName", pubSub);
        if (incoming.TraceParent is { } parent) request.Headers.TryAddWithoutValidation("traceparent", Span(parent));
        using var response = await sidecar.App.SendAsync(request, ct);
        return AppAnswer.Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(ct));
    }

    static string Span(string traceParent) =>
        ActivityContext.TryParse(traceParent, null, out _) ? traceParent : Tracing.None;
}
