using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>The two cookies of a browser: their names, and the tokens a request carries in them.</summary>
/// <remarks>
/// Over https a name begins with <c>__Host-</c>. Browsers take such a cookie only over https and only from this very
/// host, so nobody on the network and no sibling domain can plant one; that is why no other name counts there. Over
/// plain http browsers keep no such cookie, and a machine's cookies for localhost are shared by all its ports: the name
/// says whose it is. Tokens are read from the raw <c>Cookie</c> header: nothing is percent-decoded, and a cookie that
/// cannot be read does not hide the others.
/// </remarks>
public static class BrowserCookies
{
    public const string SecureSession = "__Host-session", PlainSession = "ticketing-session";
    const string SecureDevice = "__Host-device", PlainDevice = "ticketing-device", LegacySession = "session";
    /// <summary>Tokens of one name that are tried: each costs the check of a signature.</summary>
    const int CandidatesMax = 4;
    static readonly object verifiedKey = new();

    public static string SessionName(HttpRequest request) => request.IsHttps ? SecureSession : PlainSession;
    public static string DeviceName(HttpRequest request) => request.IsHttps ? SecureDevice : PlainDevice;

    /// <summary>What may be the session, in the order sent; a neighbour can plant a cookie of the name.</summary>
    public static IReadOnlyList<string> Sessions(HttpRequest request) => Tokens(request, SessionName(request));

    /// <summary>What may say which accounts have signed in from this browser.</summary>
    public static IReadOnlyList<string> Devices(HttpRequest request) => Tokens(request, DeviceName(request));

    /// <summary>The token this request was authenticated with, from a cookie or as a bearer; or null.</summary>
    public static string? VerifiedSession(HttpContext context) => context.Items[verifiedKey] as string;

    internal static void SetVerifiedSession(HttpContext context, string token) => context.Items[verifiedKey] = token;

    /// <summary>
    /// The browser forgets its session, whatever becomes of the answer: also one that tells of a failure says so.
    /// </summary>
    public static void ForgetSession(HttpContext context) => context.Response.OnStarting(static state =>
    {
        var (request, cookies) = (((HttpContext)state).Request, ((HttpContext)state).Response.Cookies);
        cookies.Delete(SecureSession, new() { Secure = true, Path = "/" });
        cookies.Delete(PlainSession, new() { Secure = request.IsHttps, Path = "/" });
        // The name of before; other programs on localhost use it too, so only what looks like a token is forgotten.
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
