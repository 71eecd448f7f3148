namespace Ticketing.Auth;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning,
        "Passwords are hashed with {Iterations} iterations instead of {Standard}: for tests only.")]
    public static partial void CheapHashes(this ILogger log, int iterations, int standard);

    [LoggerMessage(2, LogLevel.Warning,
        "Cookies:AllowHttp is on outside Development: a session cookie sent over plain http can be stolen.")]
    public static partial void HttpCookies(this ILogger log);
}
