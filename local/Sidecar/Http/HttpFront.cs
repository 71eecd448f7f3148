using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Sidecar.Http;

/// <summary>The HTTP API's entrance: trace header, token, route. One per sidecar.</summary>
sealed class HttpFront(RouteTable routes, SidecarOptions options, Tracing tracing)
{
    const string TokenHeader = "dapr-api-token";

    readonly Cors _cors = new(options.AllowedOrigins);

    public Task HandleAsync(HttpContext http)
    {
        var path = RequestPath.Clean(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (!RequestPath.IsEscapedWell(path)) return RefuseAsync(http);
        if (!path.Contains("/healthz", StringComparison.Ordinal))
        {
            if (Baggage.Fault(http.Request.Headers.Baggage) is { } fault)
                return http.WriteTextErrorAsync(StatusCodes.Status400BadRequest, fault);
            tracing.Begin(http);
            if (http.Request.Headers.Baggage.Count > 0) http.Response.Headers.Baggage = http.Request.Headers.Baggage;
        }

        if (!_cors.IsOff && _cors.Handle(http)) return Task.CompletedTask;
        if (options.ApiToken is { Length: > 0 } token)
        {
            if (http.Request.Headers[TokenHeader] != token && !IsHealth(http.Request.Method, path))
                return http.WriteTextErrorAsync(StatusCodes.Status401Unauthorized, "invalid api token");
            http.Request.Headers.Remove(TokenHeader);
        }

        return RouteAsync(http, path);
    }

    // Go's server ends the connection before anybody is asked, with a body that has no newline.
    static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.Connection = "close";
        return http.WriteBytesAsync(StatusCodes.Status400BadRequest, "text/plain; charset=utf-8",
            "400 Bad Request"u8.ToArray());
    }

    static bool IsHealth(string verb, string path) =>
        verb == "GET" && path is "/v1.0/healthz" or "/v1.0/healthz/outbound";

    Task RouteAsync(HttpContext http, string path)
    {
        if (routes.Find(http.Request.Method, path, out var values) is not { } handler)
            return routes.Fallback(http, []);
        for (var i = 0; i < values.Length; i++) values[i] = RequestPath.Unescape(values[i]);
        return handler(http, values);
    }
}
