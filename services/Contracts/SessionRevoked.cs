namespace Ticketing.Contracts;

/// <summary>A sign-out: tokens of this session (<c>sid</c>) are worth nothing from now on.</summary>
/// <param name="ExpiresAt">When its last token runs out by itself and the entry may be forgotten.</param>
public sealed record SessionRevoked(string SessionId, UserId User, DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// If given, not one session but every session of the user that began before this moment. The session id is then
    /// the user's id, which is no session's: who does not know this member remembers something harmless.
    /// </summary>
    public DateTimeOffset? BegunBefore { get; init; }

    public static SessionRevoked EverySession(UserId user, DateTimeOffset begunBefore, DateTimeOffset expiresAt) =>
        new(user.Value, user, expiresAt) { BegunBefore = begunBefore };
}

public static class SessionEvents
{
    public const string Revoked = "session.revoked";
}
