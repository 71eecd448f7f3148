using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Ticketing.Common;

/// <summary>Rules that every request must meet, checked before routing.</summary>
/// <remarks>
/// Cross-site requests: browsers name the origin of an unsafe request in <c>Sec-Fetch-Site</c> or at least in
/// <c>Origin</c>. A request with neither is not from a browser and carries no one else's cookie. Accepting only JSON
/// also stops them: no page can send it to another site without a CORS preflight.
/// </remarks>
static class RequestRules
{
    static readonly Refusal CrossSite = new(403, "cross-site", "This request comes from another site.");

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (SidecarOnly.Guards(request.Path))
            return next(context);
        if (!IsSafe(request.Method) && !IsSameOrigin(request))
            return CrossSite.ToProblem().ExecuteAsync(context);
        BodyLimit.Set(context);
        if (request.ContentLength > BodyLimit.Of(request))
            return Problems.Of(StatusCodes.Status413PayloadTooLarge).ExecuteAsync(context);
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;
        if (hasBody && request.Path.StartsWithSegments("/api") && !IsPlainJson(request))
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType).ExecuteAsync(context);
        return next(context);
    }

    static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0)
            return site is ["same-origin"] or ["none"];
        var origin = request.Headers.Origin;
        return origin.Count == 0
            || origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }

    static bool IsPlainJson(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && (request.Headers.ContentEncoding.Count == 0 || request.Headers.ContentEncoding is ["identity"]);
}
