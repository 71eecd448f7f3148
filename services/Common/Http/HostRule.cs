using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Common;

/// <summary>
/// Refuses requests whose host or scheme is not valid in a URL (<c>a:99999</c>, <c>xn--</c>, empty): pages and
/// forwarded headers build URLs from them, which would throw.
/// </summary>
static class HostRule
{
    const string ForwardedHost = "X-Forwarded-Host", ForwardedScheme = "X-Forwarded-Proto";

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        // The raw header: Request.Host decodes it, and throws.
        if (headers.Host is [var host] && HostName.IsValid(host)
            && Parts(headers[ForwardedHost]).All(HostName.IsValid) && Parts(headers[ForwardedScheme]).All(IsScheme))
            return next(context);
        // Writing the refusal may build a URL from the host as well.
        context.Request.Host = new("localhost");
        headers.Remove(ForwardedHost);
        headers.Remove(ForwardedScheme);
        return Problems.Of(StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    static IEnumerable<string> Parts(StringValues lines) =>
        lines.SelectMany(line => (line ?? "").Split(',')).Select(part => part.Trim());

    static bool IsScheme(string text) => text.ToUpperInvariant() is "HTTP" or "HTTPS";
}
