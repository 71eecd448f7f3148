using System.Globalization;
#pragma warning disable IDE0005 // The ingress compiles this file too, and there it is used everywhere.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005

namespace Ticketing.Common;

/// <summary>Which <c>Host</c> can stand in an address; also for the ingress, which would fail to pass on any other.</summary>
static class HostName
{
    const string Punycode = "xn--";
    const int LengthMax = 261;      // a name of 255, a colon and five digits
    static readonly IdnMapping idn = new();

    public static bool IsValid(string? text) =>
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
