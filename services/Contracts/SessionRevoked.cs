using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>A sign-out: tokens of this session (<c>sid</c>) are refused from now on.</summary>
/// <param name="ExpiresAt">When its last token expires and the entry may be removed.</param>
public sealed record SessionRevoked(
    [property: JsonRequired] string SessionId, [property: JsonRequired] UserId User,
    [property: JsonRequired] DateTimeOffset ExpiresAt) : Extensible
{
    /// <summary>
    /// If given, all sessions of the user that began before this moment are revoked, not one session. The session id is
    /// then the user's id, so that a subscriber that does not know this member revokes no session.
    /// </summary>
    public DateTimeOffset? BegunBefore { get; init; }

    public static SessionRevoked EverySession(UserId user, DateTimeOffset begunBefore, DateTimeOffset expiresAt) =>
        new(user.Value, user, expiresAt) { BegunBefore = begunBefore };
}

public static class SessionEvents
{
    public const string Revoked = "session.revoked";
}
