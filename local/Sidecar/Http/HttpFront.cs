using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Sidecar.Http;

/// <summary>Handles every HTTP request: trace header, API token, route. One per sidecar.</summary>
sealed class HttpFront(RouteTable routes, SidecarOptions options)
{
    /// <summary>daprd's default.</summary>
    public const int HeaderBytesMax = 8 << 10;

    /// <summary>Colon, space and line end.</summary>
    const int HeaderPunctuation = 4;

    const string TokenHeader = "dapr-api-token";

    public Task HandleAsync(HttpContext http)
    {
        if (HeaderBytes(http.Request.Headers) > HeaderBytesMax)
            return RefuseAsync(http, StatusCodes.Status431RequestHeaderFieldsTooLarge, "431 Request Header Fields Too Large");
        var path = RequestPath.Clean(
            RequestPath.Of(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
        if (!RequestPath.IsEscapedWell(path))
            return RefuseAsync(http, StatusCodes.Status400BadRequest, "400 Bad Request");
        if (!path.Contains("/healthz", StringComparison.Ordinal))
            Tracing.Begin(http);
        if (options.ApiToken is { Length: > 0 } token)
        {
            if (http.Request.Headers[TokenHeader] != token && !IsHealth(http.Request.Method, path))
                return http.WriteTextErrorAsync(StatusCodes.Status401Unauthorized, "invalid api token");
            http.Request.Headers.Remove(TokenHeader);
        }

        return RouteAsync(http, path);
    }

    // As in daprd's web server: the connection is closed, and no API gets the request.
    static Task RefuseAsync(HttpContext http, int status, string text)
    {
        http.Response.Headers.Connection = "close";
        return http.WriteBytesAsync(status, "text/plain; charset=utf-8", Encoding.ASCII.GetBytes(text));
    }

    static int HeaderBytes(IHeaderDictionary headers)
    {
        var bytes = 0;
        foreach (var (name, values) in headers)
            foreach (var value in values) bytes += name.Length + (value?.Length ?? 0) + HeaderPunctuation;
        return bytes;
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
