using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ticketing.Common;

/// <summary>
/// A request must name a host and a scheme that can stand in an address. Pages and forwarded headers put them into one,
/// which fails for the rest: <c>a:99999</c>, <c>xn--</c>, nothing at all.
/// </summary>
static class HostRule
{
    const string ForwardedHost = "X-Forwarded-Host", ForwardedScheme = "X-Forwarded-Proto", Punycode = "xn--";
    const int LengthMax = 261;      // a name of 255, a colon and five digits
    static readonly IdnMapping idn = new();

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        // As it was sent: Request.Host decodes it, and throws.
        if (headers.Host is [var host] && IsHost(host)
            && Parts(headers[ForwardedHost]).All(IsHost) && Parts(headers[ForwardedScheme]).All(IsScheme))
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

    internal static bool IsHost(string? text) =>
        text is { Length: > 0 and <= LengthMax } && text.All(IsPlain)
        && Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
        && uri.Host.Equals(new HostString(text).Host, StringComparison.OrdinalIgnoreCase) && IsDecodable(text);

    static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or ':' or '[' or ']';

    // There is no way to ask but to try; the middleware of forwarded headers tries, and does not catch.
    static bool IsDecodable(string text)
    {
        if (!text.Contains(Punycode, StringComparison.OrdinalIgnoreCase))
            return true;
        try
        {
            return idn.GetUnicode(new HostString(text).Host).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
