using System.Collections.Concurrent;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Sessions that were signed out while tokens of theirs are still good; forgotten when the last one has run out.
/// </summary>
public sealed class RevokedSessions(TimeProvider clock)
{
    /// <summary>Sign-outs of one token lifetime; far more than there are sessions, but not endless.</summary>
    const int Max = 500_000;
    static readonly TimeSpan CleanInterval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, DateTimeOffset> sessions = new();
    long cleanedAt = clock.GetTimestamp();

    public bool Contains(string sessionId) => sessions.ContainsKey(sessionId);

    /// <returns>False if it was known, or is so old that it no longer matters.</returns>
    public bool Add(SessionRevoked revoked)
    {
        Clean();
        // The token is taken a little after its end, on a clock that may be slow: the list must not forget before.
        var until = revoked.ExpiresAt + SessionToken.ClockSkew * 2;
        return until > clock.GetUtcNow() && sessions.Count < Max && sessions.TryAdd(revoked.SessionId, until);
    }

    void Clean()
    {
        var last = Interlocked.Read(ref cleanedAt);
        if (clock.GetElapsedTime(last) < CleanInterval
            || Interlocked.CompareExchange(ref cleanedAt, clock.GetTimestamp(), last) != last)
            return;
        foreach (var (session, until) in sessions)
        {
            if (until <= clock.GetUtcNow())
                sessions.TryRemove(session, out _);
        }
    }
}
