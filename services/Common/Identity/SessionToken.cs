namespace Ticketing.Common;

/// <summary>The form of session tokens: auth signs them, all services verify them.</summary>
public static class SessionToken
{
    public const string Issuer = "ticketing";
    public const string Audience = "ticketing";
    /// <summary>The user's role; absent for most users.</summary>
    public const string RoleClaim = "role";
    public const string Operator = "operator";
    /// <summary>OpenID Connect's claim for the time of the sign-in, in seconds since 1970.</summary>
    public const string SignedInAtClaim = "auth_time";
    /// <summary>Tokens of this system have about 500 characters.</summary>
    public const int BytesMax = 4096;
    /// <summary>How far two machines' clocks may differ before a fresh token is refused as not yet valid.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
}
