using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Invocation;

/// <summary>The headers that are forwarded to the app and back to the caller (RFC 9110 §7.6.1, as daprd applies
/// it).</summary>
static class ForwardedHeaders
{
    static readonly FrozenSet<string> Stay = FrozenSet.ToFrozenSet(
        [
            // Hop-by-hop headers.
            "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "TE",
            "Trailer", "Proxy-Authorization", "Proxy-Authenticate",
            // Set again for each hop.
            "Host", "Content-Length", "Content-Type",
            // The caller's identity: set by the sidecar, so callers cannot forge it.
            "destination-app-id", "dapr-caller-app-id", "dapr-caller-namespace", "dapr-callee-app-id",
        ], StringComparer.OrdinalIgnoreCase);

    /// <summary>Dapr does not forward gRPC's binary metadata.</summary>
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

    /// <summary>Adds a header to the request, or to its content if HttpClient requires that.</summary>
    public static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        if (values.Count == 1 ? request.Headers.TryAddWithoutValidation(name, values[0])
            : request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) return;
        request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
    }

    public static string? ContentType(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;
}
