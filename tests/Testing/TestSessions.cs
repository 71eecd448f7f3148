using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;

namespace Ticketing.Testing;

/// <summary>Session tokens, valid ones as auth signs them and invalid ones.</summary>
public static class TestSessions
{
    static readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static string PrivateKeyPem { get; } = key.ExportPkcs8PrivateKeyPem();
    public static string PublicKeyPem { get; } = key.ExportSubjectPublicKeyInfoPem();

    /// <summary>A valid token of a user; the session's id equals the user's unless given.</summary>
    public static string Token(string userId, DateTimeOffset now, string? sessionId = null) =>
        Sign(Good(userId, now, sessionId ?? userId));

    /// <summary>The claims of a valid token, to change and <see cref="Sign"/>.</summary>
    public static SecurityTokenDescriptor Good(string userId, DateTimeOffset now, string sessionId) => new()
    {
        Issuer = SessionToken.Issuer,
        Audience = SessionToken.Audience,
        NotBefore = now.UtcDateTime,
        IssuedAt = now.UtcDateTime,
        Expires = now.UtcDateTime.AddHours(1),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = userId, ["email"] = $"{userId}@example.com", ["sid"] = sessionId,
            [SessionToken.SignedInAtClaim] = now.ToUnixTimeSeconds(),
        },
        SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
    };

    public static string Sign(SecurityTokenDescriptor token) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
}
