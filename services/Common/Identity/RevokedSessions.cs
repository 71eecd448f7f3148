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
    readonly ConcurrentDictionary<UserId, (DateTimeOffset BegunBefore, DateTimeOffset Until)> users = new();
    long cleanedAt = clock.GetTimestamp();

    public bool Contains(string sessionId) => sessions.ContainsKey(sessionId);

    /// <summary>The sign-in's moment is told in whole seconds: one a moment after the mark counts as before it.</summary>
    public bool Contains(User user) => sessions.ContainsKey(user.SessionId)
        || users.TryGetValue(user.Id, out var mark) && user.SignedInAt < mark.BegunBefore;

    /// <returns>False if it was known, or is so old that it no longer matters.</returns>
    public bool Add(SessionRevoked revoked)
    {
        Clean();
        // The token is taken a little after its end, on a clock that may be slow: the list must not forget before.
        var until = revoked.ExpiresAt + SessionToken.ClockSkew * 2;
        if (until <= clock.GetUtcNow() || sessions.Count + users.Count >= Max)
            return false;
        return revoked.BegunBefore is { } begunBefore
            ? AddUser(revoked.User, begunBefore, until)
            : sessions.TryAdd(revoked.SessionId, until);
    }

    bool AddUser(UserId user, DateTimeOffset begunBefore, DateTimeOffset until)
    {
        if (users.TryGetValue(user, out var earlier) && earlier.BegunBefore >= begunBefore)
            return false;
        users.AddOrUpdate(user, (begunBefore, until),
            (_, known) => known.BegunBefore < begunBefore ? (begunBefore, until) : known);
        return true;
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
        foreach (var (user, mark) in users)
        {
            if (mark.Until <= clock.GetUtcNow())
                users.TryRemove(user, out _);
        }
    }
}
