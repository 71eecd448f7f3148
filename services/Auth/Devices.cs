using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// A cookie that proves: from this browser somebody signed in to that account before. Who has it is counted for
/// himself, so a stranger's guessing does not lock the owner out (OWASP: device cookies). It opens nothing.
/// </summary>
public sealed class Devices(SigningKey signer, SessionKeys keys, Sessions sessions, TimeProvider clock)
{
    const string Audience = "ticketing-device";
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);
    static readonly JsonWebTokenHandler handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = SessionToken.BytesMax,
    };

    public void Remember(HttpContext context, EmailAddress account)
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

    /// <summary>The device's id, if it is one of this account's.</summary>
    public async Task<string?> Known(HttpContext context, EmailAddress account)
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
