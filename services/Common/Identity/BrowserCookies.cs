using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// The tokens a browser sends. They are read from the raw <c>Cookie</c> header: nothing is percent-decoded, and one
/// cookie that cannot be read does not hide the others. A value that is no token (<see cref="TokenForm"/>) counts as a
/// cookie that was not sent.
/// </summary>
public static class BrowserCookies
{
    const string SessionCookie = SessionToken.Cookie, DeviceCookie = "device", Bearer = "Bearer ";

    /// <summary>The token of the person who asks: that of the <c>Authorization</c> header if there is one, else the
    /// cookie's.</summary>
    public static string? Session(HttpRequest request)
    {
        if (request.Headers.Authorization.Count == 0)
            return Find(request, SessionCookie);
        return request.Headers.Authorization is [{ } sent]
            && sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && sent[Bearer.Length..].Trim(' ') is var token && TokenForm.IsToken(token) ? token : null;
    }

    /// <summary>The token that says which accounts have signed in from this browser.</summary>
    public static string? Device(HttpRequest request) => Find(request, DeviceCookie);

    // Several cookies of one name: the first that is a token.
    static string? Find(HttpRequest request, string name)
    {
        foreach (var header in request.Headers.Cookie)
        {
            foreach (var pair in (header ?? "").Split(';'))
            {
                if (pair.Trim(' ').Split('=', 2) is [var found, var value] && found == name && TokenForm.IsToken(value))
                    return value;
            }
        }
        return null;
    }
}
