using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Common;

/// <summary>
/// A request must name a host and a scheme that can stand in an address. Pages and forwarded headers put them into one,
/// which fails for the rest: <c>a:99999</c>, <c>xn--</c>, nothing at all.
/// </summary>
static class HostRule
{
    const string ForwardedHost = "X-Forwarded-Host", ForwardedScheme = "X-Forwarded-Proto";

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        // As it was sent: Request.Host decodes it, and throws.
        if (headers.Host is [var host] && HostName.IsValid(host)
            && Parts(headers[ForwardedHost]).All(HostName.IsValid) && Parts(headers[ForwardedScheme]).All(IsScheme))
            return next(context);
        // Whatever tells of the refusal may put the host into an address as well.
        context.Request.Host = new("localhost");
        headers.Remove(ForwardedHost);
        headers.Remove(ForwardedScheme);
        return Problems.Of(StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    static IEnumerable<string> Parts(StringValues lines) =>
        lines.SelectMany(line => (line ?? "").Split(',')).Select(part => part.Trim());

    static bool IsScheme(string text) => text.ToUpperInvariant() is "HTTP" or "HTTPS";
}
