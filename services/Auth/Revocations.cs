using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// Signed-out sessions whose tokens have not expired yet: the durable list from which every service's copy in memory is
/// filled. Sharded over a few documents, so that concurrent sign-outs rarely write the same one.
/// </summary>
public sealed record Revocations(ImmutableArray<SessionRevoked> Sessions, long Version)
    : Extensible, IAggregate<Revocations>
{
    public const int Shards = 16;
    /// <summary>
    /// Bounds one document at about 200 KB. Beyond it the session whose token expires first is dropped.
    /// </summary>
    public const int SessionsMax = 2_000;

    public static string Kind => "revoked";
    public static Revocations Absent(string id) => new([], 0);

    /// <summary>
    /// The shard that stores a session's sign-out; session ids are random, so their last character spreads evenly.
    /// </summary>
    public static string ShardOf(string sessionId) => $"{sessionId[^1] % Shards}";
    public static IReadOnlyList<string> AllShards { get; } =
        [.. Enumerable.Range(0, Shards).Select(shard => $"{shard}")];

    // No service confirms a revocation. If its event is lost, every service re-reads the list within a minute.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> Repeat() => [];

    public Decision<Revocations> Revoke(SessionRevoked session, DateTimeOffset now)
    {
        if (Sessions.Any(known => known.SessionId == session.SessionId && !(known.BegunBefore < session.BegunBefore)))
            return this;
        var sessions = Sessions
            .RemoveAll(known => known.ExpiresAt < now || known.SessionId == session.SessionId).Add(session);
        if (sessions.Length > SessionsMax)
            sessions = sessions.Remove(sessions.MinBy(known => known.ExpiresAt)!);
        return Decision.Changed(this with { Sessions = sessions, Version = Version + 1 }, Event.Of(session));
    }
}
