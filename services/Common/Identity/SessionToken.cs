namespace Ticketing.Common;

/// <summary>What signer and readers of a session token agree on.</summary>
public static class SessionToken
{
    public const string Issuer = "ticketing";
    public const string Audience = "ticketing";
    /// <summary>What somebody is beside a person; only auth gives it.</summary>
    public const string RoleClaim = "role";
    public const string Operator = "operator";
    /// <summary>OpenID Connect's name for the moment of the sign-in, in seconds since 1970.</summary>
    public const string SignedInAtClaim = "auth_time";
    /// <summary>ES256 tokens of this system have some 500 characters.</summary>
    public const int BytesMax = 4096;
    /// <summary>How far clocks of different machines may differ before a fresh token counts as unborn.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
}
