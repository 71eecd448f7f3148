using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>The session and device cookies: their names, and the tokens a request has in them.</summary>
/// <remarks>
/// Over https only names with <c>__Host-</c> count. Browsers accept such a cookie only over https and only from this
/// host, so neither an attacker on the network nor a sibling domain can set one. Over plain http browsers reject such
/// cookies, and all ports of localhost share theirs: the name has "ticketing" in it so that programs do not collide.
/// Tokens are read from the raw <c>Cookie</c> header: nothing is percent-decoded, and a malformed cookie does not hide
/// the others.
/// </remarks>
public static class BrowserCookies
{
    public const string SecureSession = "__Host-session", PlainSession = "ticketing-session";
    const string SecureDevice = "__Host-device", PlainDevice = "ticketing-device", LegacySession = "session";
    /// <summary>Tokens of one name that are tried: each costs a signature check.</summary>
    const int CandidatesMax = 4;
    static readonly object verifiedKey = new();

    public static string SessionName(HttpRequest request) => request.IsHttps ? SecureSession : PlainSession;
    public static string DeviceName(HttpRequest request) => request.IsHttps ? SecureDevice : PlainDevice;

    /// <summary>Possible session tokens in the order sent; another site of the domain may have set some.</summary>
    public static IReadOnlyList<string> Sessions(HttpRequest request) => Tokens(request, SessionName(request));

    /// <summary>Possible device tokens, which list the accounts that have signed in from this browser.</summary>
    public static IReadOnlyList<string> Devices(HttpRequest request) => Tokens(request, DeviceName(request));

    /// <summary>The token this request was authenticated with, from cookie or bearer header; or null.</summary>
    public static string? VerifiedSession(HttpContext context) => context.Items[verifiedKey] as string;

    internal static void SetVerifiedSession(HttpContext context, string token) => context.Items[verifiedKey] = token;

    /// <summary>
    /// Deletes the session cookies with this response, also if it becomes an error response.
    /// </summary>
    public static void ForgetSession(HttpContext context) => context.Response.OnStarting(static state =>
    {
        var (request, cookies) = (((HttpContext)state).Request, ((HttpContext)state).Response.Cookies);
        cookies.Delete(SecureSession, new() { Secure = true, Path = "/" });
        cookies.Delete(PlainSession, new() { Secure = request.IsHttps, Path = "/" });
        // The former name; other programs on localhost use it too, so only a cookie with a token in it is deleted.
        if (Tokens(request, LegacySession).Count > 0)
            cookies.Delete(LegacySession, new() { Secure = request.IsHttps, Path = "/" });
        return Task.CompletedTask;
    }, context);

    static List<string> Tokens(HttpRequest request, string name)
    {
        var found = new List<string>();
        foreach (var header in request.Headers.Cookie)
        {
            foreach (var pair in (header ?? "").Split(';'))
            {
                if (pair.Trim(' ').Split('=', 2) is [var key, var value] && key == name && TokenForm.IsToken(value)
                    && !found.Contains(value))
                    found.Add(value);
                if (found.Count == CandidatesMax)
                    return found;
            }
        }
        return found;
    }
}
