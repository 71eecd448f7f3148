using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Invocation;

/// <summary>Which headers go on to the app and back to the caller (RFC 9110 §7.6.1, as daprd applies it).</summary>
static class ForwardedHeaders
{
    static readonly FrozenSet<string> Stay = FrozenSet.ToFrozenSet(
        [
            // Hop by hop.
            "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "TE",
            "Trailer", "Proxy-Authorization", "Proxy-Authenticate",
            // Written anew for each hop.
            "Host", "Content-Length", "Content-Type",
            // Who calls is the sidecar's to say, not the caller's.
            "destination-app-id", "dapr-caller-app-id", "dapr-caller-namespace", "dapr-callee-app-id",
        ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Dapr does not hand on what gRPC calls binary metadata.</summary>
    const string BinarySuffix = "-bin";

    public static bool Passes(string name) =>
        !Stay.Contains(name) && !name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the <c>Connection</c> header names it as meant for this hop only.</summary>
    public static bool IsNamedBy(StringValues connection, string name)
    {
        foreach (var line in connection)
        {
            foreach (var token in line.AsSpan().Split(','))
                if (line.AsSpan()[token].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>Puts a header where the client wants it: with the request or with its content.</summary>
    public static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        if (values.Count == 1 ? request.Headers.TryAddWithoutValidation(name, values[0])
            : request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) return;
        request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
    }

    public static string? ContentType(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
}
