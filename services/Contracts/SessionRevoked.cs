namespace Ticketing.Contracts;

/// <summary>A sign-out: tokens of this session (<c>sid</c>) are worth nothing from now on.</summary>
/// <param name="ExpiresAt">When its last token runs out by itself and the entry may be forgotten.</param>
public sealed record SessionRevoked(string SessionId, UserId User, DateTimeOffset ExpiresAt);

public static class SessionEvents
{
    public const string Revoked = "session.revoked";
}
