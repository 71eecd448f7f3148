using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Sends a request only if its request line and headers are printable. .NET does not check header values added without
/// validation: a line break in one would start a second request, with this app's own rights.
/// </summary>
public sealed class SafeHeaders(ILogger<SafeHeaders> log) : DelegatingHandler
{
    /// <exception cref="HttpRequestException">Nothing was sent.</exception>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Fault(request) is not { } fault)
            return base.SendAsync(request, cancellationToken);
        log.NotSent(fault, request.Method.Method);
        throw new HttpRequestException(HttpRequestError.InvalidResponse,
            $"Not sent: {fault} holds a character that must not stand there.");
    }

    // Names the part, never its value: the value may be an attack on whoever reads the log.
    static string? Fault(HttpRequestMessage request)
    {
        if (request.RequestUri is { } uri && !HeaderText.IsTarget(uri.PathAndQuery))
            return "the request target";
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!IsSafe(name, values))
                return Named(name);
        }
        foreach (var (name, values) in request.Content?.Headers.NonValidated ?? default)
        {
            if (!IsSafe(name, values))
                return Named(name);
        }
        return null;
    }

    static string Named(string name) => HeaderText.IsName(name) ? $"the header {name}" : "a header name";

    static bool IsSafe(string name, System.Net.Http.Headers.HeaderStringValues values)
    {
        foreach (var value in values)
        {
            if (!HeaderText.IsValue(value))
                return false;
        }
        return HeaderText.IsName(name);
    }
}
