using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Ticketing.Common;
using static Ticketing.Testing.Verdict;

namespace Ticketing.Testing;

/// <summary>G34–G36, G39: forged identities and origins.</summary>
static class HostileIdentity
{
    public static IEnumerable<HostileInput> Of(HostileRoute route, RawRequest good, TokenMaker make)
    {
        var cookie = good.Without("Authorization").With($"Cookie: {BrowserCookies.PlainSession}={make(_ => { })}");
        foreach (var (header, value) in ((string, string)[])[("Origin", "https://evil.example"), ("Origin", "null"),
            ("Origin", "http://127.0.0.1:1"), ("Origin", "nonsense"), ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Sec-Fetch-Site", "nonsense")])
            yield return new($"G36 {header}: {value}", route.IsSafe ? Harmless : Refused,
                cookie.With($"{header}: {value}"));
        if (!route.NeedsUser)
            yield break;
        yield return new("G34 nobody", Refused, good.Without("Authorization"));
        foreach (var value in (string[])["", "nonsense", "a.b.c", "null", new('a', 8000), "eyJhbGciOiJub25lIn0.e30."])
            yield return new($"G34 cookie {value[..Math.Min(12, value.Length)]}", Refused,
                cookie.With($"Cookie: {BrowserCookies.PlainSession}={value}"));
        yield return new("G34 two bad cookies", Refused, cookie.With(
            $"Cookie: {BrowserCookies.PlainSession}=a.b.c; {BrowserCookies.PlainSession}={make(_ => { })[..^4]}AAAA"));
        yield return new("G34 the cookie of the other scheme", Refused,
            cookie.With($"Cookie: {BrowserCookies.SecureSession}={make(_ => { })}"));
        yield return new("G34 basic", Refused, good.With("Authorization: Basic YWxpY2U6c2VjcmV0"));
        foreach (var (name, change) in Tokens())
            yield return new(name, Refused, good.With($"Authorization: Bearer {make(change)}"));
        yield return new("G35 a broken signature", Refused,
            good.With($"Authorization: Bearer {make(_ => { })[..^4]}AAAA"));
        yield return new("G39 a signed-out session", Refused,
            good.With($"Authorization: Bearer {make(token => token.Claims["sid"] = HostileInputs.RevokedSession)}"));
    }

    static IEnumerable<(string Name, Action<SecurityTokenDescriptor> Change)> Tokens()
    {
        yield return ("G34/G39 expired a day ago", token =>
            (token.NotBefore, token.IssuedAt, token.Expires) = (Ago(25), Ago(25), Ago(24)));
        yield return ("G35 alg none", token => token.SigningCredentials = null);
        yield return ("G35 the public key as a shared secret", token => token.SigningCredentials =
            new(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(TestSessions.PublicKeyPem)),
                SecurityAlgorithms.HmacSha256));
        yield return ("G35 another audience", token => token.Audience = "ticketing-device");
        yield return ("G35 another issuer", token => token.Issuer = "evil");
        yield return ("G35 no end", token => token.Expires = null);
        yield return ("G35 kid with a path", token => token.SigningCredentials = OtherKey("../../dev/null"));
        yield return ("G35 jku of its own", token =>
        {
            token.SigningCredentials = OtherKey("k");
            token.AdditionalHeaderClaims = new Dictionary<string, object>
            {
                ["jku"] = "https://evil.example/keys", [JwtHeaderParameterNames.X5u] = "https://evil.example/x",
            };
        }
        );
        yield return ("G35 a user that is none", token => token.Claims["sub"] = "journal:0");
    }

    static DateTime Ago(int hours) => DateTime.UtcNow.AddHours(-hours);

    static SigningCredentials OtherKey(string kid) =>
        new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = kid },
            SecurityAlgorithms.EcdsaSha256);
}

/// <summary>A token of the attacker's own account, changed before it is signed.</summary>
delegate string TokenMaker(Action<SecurityTokenDescriptor> change);
