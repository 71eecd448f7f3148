using System.Collections.Immutable;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// Signed-out sessions whose tokens have not all run out: the durable list behind everybody's memory of them. A few
/// documents share them out, so that many sign-outs at once do not meet in one.
/// </summary>
public sealed record Revocations(ImmutableArray<SessionRevoked> Sessions, long Version) : IAggregate<Revocations>
{
    public const int Shards = 16;
    /// <summary>
    /// Bounds one document at some 200 KB; past it the sessions that end soonest by themselves give way.
    /// </summary>
    public const int SessionsMax = 2_000;

    public static string Kind => "revoked";
    public static Revocations Absent(string id) => new([], 0);

    /// <summary>
    /// Where a session's sign-out is kept; session ids are random, so their last letter spreads evenly.
    /// </summary>
    public static string ShardOf(string sessionId) => $"{sessionId[^1] % Shards}";
    public static IReadOnlyList<string> AllShards { get; } =
        [.. Enumerable.Range(0, Shards).Select(shard => $"{shard}")];

    // An announcement that is lost is asked for within a minute; nobody answers it.
    public bool IsSettled(DateTimeOffset now) => true;
    public IEnumerable<Event> SayAgain() => [];

    public Decision<Revocations> Revoke(SessionRevoked session, DateTimeOffset now)
    {
        if (Sessions.Any(known => known.SessionId == session.SessionId && !(known.BegunBefore < session.BegunBefore)))
            return this;
        var sessions = Sessions
            .RemoveAll(known => known.ExpiresAt < now || known.SessionId == session.SessionId).Add(session);
        if (sessions.Length > SessionsMax)
            sessions = sessions.Remove(sessions.MinBy(known => known.ExpiresAt)!);
        return Decision.Changed(new Revocations(sessions, Version + 1), Event.Of(session));
    }
}
