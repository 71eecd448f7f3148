using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// A request must name a host that can stand in an address. Pages and forwarded headers put it into one, which fails
/// for the rest: <c>a:99999</c>, <c>xn--</c>, nothing at all.
/// </summary>
static class HostRule
{
    const string Forwarded = "X-Forwarded-Host", Punycode = "xn--";
    const int LengthMax = 261;      // a name of 255, a colon and five digits
    static readonly IdnMapping idn = new();

    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        var forwarded = headers[Forwarded].SelectMany(line => (line ?? "").Split(',')).Select(name => name.Trim());
        if (IsHost(context.Request.Host.Value) && forwarded.All(IsHost))
            return next(context);
        // Whatever tells of the refusal may put the host into an address as well.
        context.Request.Host = new("localhost");
        headers.Remove(Forwarded);
        return Problems.Of(StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

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
