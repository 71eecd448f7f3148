using System.Globalization;
#pragma warning disable IDE0005 // The ingress compiles this file too, and uses them all.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005

namespace Ticketing.Common;

/// <summary>Whether a <c>Host</c> is valid in a URL; used by the ingress too, which fails to forward others.</summary>
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

    // Only trying tells; the middleware of forwarded headers does the same without catching the exception.
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
