using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Begins, renews and ends the session of a browser (docs/decisions/0008).</summary>
public sealed class Sessions(
    SigningKey key, SessionList list, Operators operators, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>
    /// Four times a hold, so that nobody is signed out between reserving and paying. Not longer, because every process
    /// keeps each sign-out in memory for this time.
    /// </summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);
    /// <summary>After this time the user must sign in again, even in a busy session.</summary>
    public static readonly TimeSpan SessionMax = TimeSpan.FromHours(12);

    // Cookies are Secure unless this is set, for a developer's browser that uses plain http.
    readonly bool allowHttp = configuration.GetValue("Cookies:AllowHttp", false);

    /// <summary>A new session; not valid before the account lists it.</summary>
    public Session New(HttpContext context)
    {
        var now = clock.GetUtcNow();
        var id = UserId.From(RandomNumberGenerator.GetBytes(20)).Value;
        return new(id, now, now, $"{From(context)}", Browser(context));
    }

    /// <summary>Sends the browser the cookie of a listed session and ends the session it had before.</summary>
    /// <param name="before">The user the request came from; null if none was signed in.</param>
    public async Task<Person> Open(
        HttpContext context, Account account, Session session, User? before, CancellationToken ct)
    {
        if (before is not null)
            await list.End(before, [before.SessionId], ct);
        var user = new User(account.Id, account.Email, session.Id) { SignedInAt = session.BeganAt };
        SetCookie(context, BrowserCookies.SessionName(context.Request), Token(user, session.BeganAt), TokenLifetime);
        return Person.Of(user);
    }

    /// <summary>
    /// Sends a new token once half the lifetime of the old one is over. Only for cookies, not for bearer tokens.
    /// </summary>
    public async Task Renew(HttpContext context, User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (context.Request.Headers.Authorization.Count > 0
            || now < Time(context.User, JwtRegisteredClaimNames.Iat) + TokenLifetime / 2
            || now > user.SignedInAt + SessionMax
            || !await list.Renew(user, From(context), Browser(context), ct))
            return;
        SetCookie(context, BrowserCookies.SessionName(context.Request), Token(user, now), TokenLifetime);
    }

    /// <summary>Clears the cookie first: the browser must be signed out even if the revocation fails.</summary>
    public async Task End(HttpContext context, User? user, CancellationToken ct)
    {
        BrowserCookies.ForgetSession(context);
        if (user is not null)
            await list.End(user, [user.SessionId], ct);
    }

    public void SetCookie(HttpContext context, string name, string value, TimeSpan maxAge)
    {
        context.Response.Cookies.Append(name, value, new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps || !allowHttp,
            Path = "/",
            MaxAge = maxAge,
        });
    }

    string Token(User user, DateTimeOffset now)
    {
        var claims = new Dictionary<string, object>
        {
            [JwtRegisteredClaimNames.Sub] = user.Id.Value,
            [JwtRegisteredClaimNames.Email] = user.Email,
            [JwtRegisteredClaimNames.Sid] = user.SessionId,
            [SessionToken.SignedInAtClaim] = user.SignedInAt.ToUnixTimeSeconds(),
        };
        if (operators.Include(user.Email))
            claims[SessionToken.RoleClaim] = SessionToken.Operator;
        return key.Sign(new()
        {
            Issuer = SessionToken.Issuer,
            Audience = SessionToken.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + TokenLifetime).UtcDateTime,
            Claims = claims,
        });
    }

    static AddressBlock From(HttpContext context) => AddressBlock.Of(context.Connection.RemoteIpAddress);

    static string Browser(HttpContext context) => BrowserName.Of(context.Request.Headers.UserAgent.ToString());

    static DateTimeOffset Time(ClaimsPrincipal principal, string claim) =>
        long.TryParse(principal.FindFirstValue(claim), CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MinValue;
}
