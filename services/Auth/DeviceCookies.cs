using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// A cookie that proves an earlier sign-in to an account from this browser. Wrong passwords from such a browser have
/// their own limit, so an attacker's guesses do not lock the owner out (OWASP: device cookies). It grants no access.
/// </summary>
public sealed class DeviceCookies(SigningKey signer, SessionKeys keys, Sessions sessions, TimeProvider clock)
{
    const string Audience = "ticketing-device";
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    static readonly JsonWebTokenHandler handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = SessionToken.BytesMax,
    };

    public void Issue(HttpContext context, EmailAddress account)
    {
        var now = clock.GetUtcNow();
        sessions.SetCookie(context, BrowserCookies.DeviceName(context.Request), signer.Sign(new()
        {
            Issuer = SessionToken.Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = account.Key,
                [JwtRegisteredClaimNames.Jti] = UserId.From(RandomNumberGenerator.GetBytes(10)).Value,
            },
        }), Lifetime);
    }

    /// <summary>The device's id if the request carries a valid device cookie of this account; else null.</summary>
    public async Task<string?> Find(HttpContext context, EmailAddress account)
    {
        foreach (var token in BrowserCookies.Devices(context.Request))
        {
            if (await DeviceIn(token, account) is { } device)
                return device;
        }
        return null;
    }

    async Task<string?> DeviceIn(string token, EmailAddress account)
    {
        var found = await handler.ValidateTokenAsync(token, new()
        {
            ValidIssuer = SessionToken.Issuer,
            ValidAudience = Audience,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, _, _) => keys.All,
            LifetimeValidator = (_, expires, _, _) => clock.GetUtcNow().UtcDateTime < expires,
        });
        return found.IsValid && found.Claims[JwtRegisteredClaimNames.Sub] as string == account.Key
            ? found.Claims[JwtRegisteredClaimNames.Jti] as string
            : null;
    }
}
