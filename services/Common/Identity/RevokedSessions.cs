using System.Collections.Concurrent;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Sessions that were signed out while their tokens have not expired yet; removed when the last token has.
/// </summary>
public sealed class RevokedSessions(TimeProvider clock)
{
    /// <summary>Bounds the memory; far more than the sign-outs of one token lifetime.</summary>
    const int Max = 500_000;
    static readonly TimeSpan CleanInterval = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, DateTimeOffset> sessions = new();
    readonly ConcurrentDictionary<UserId, (DateTimeOffset BegunBefore, DateTimeOffset Until)> users = new();
    long cleanedAt = clock.GetTimestamp();

    public bool Contains(string sessionId) => sessions.ContainsKey(sessionId);

    /// <summary><c>auth_time</c> has whole seconds: a sign-in within a second after the mark counts too.</summary>
    public bool Contains(User user) => sessions.ContainsKey(user.SessionId)
        || users.TryGetValue(user.Id, out var mark) && user.SignedInAt < mark.BegunBefore;

    /// <returns>False if it is known already, or its tokens have expired.</returns>
    public bool Add(SessionRevoked revoked)
    {
        Clean();
        // A token is accepted until ClockSkew after its end, by a clock that may be slow: keep the entry longer.
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
