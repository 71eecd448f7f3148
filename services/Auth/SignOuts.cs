using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Revokes sessions in all services, and lists the revoked ones.</summary>
public sealed class SignOuts(AggregateStore<Revocations> revocations, RevokedSessions revoked, TimeProvider clock)
{
    /// <summary>Durable before it returns; the other services receive the event a moment later.</summary>
    public async Task Revoke(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // By then every token of the session has expired, also one from a renewal under way.
        var session = new SessionRevoked(user.SessionId, user.Id,
            now + Sessions.TokenLifetime + SessionToken.ClockSkew);
        await revocations.Update(Revocations.ShardOf(user.SessionId), list => list.Revoke(session, now), ct);
        revoked.Add(session);
    }

    /// <summary>Ends every session that the user has begun, listed or not; durable before it returns.</summary>
    public async Task RevokeAll(UserId user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var mark = SessionRevoked.EverySession(user, now, now + Sessions.TokenLifetime + SessionToken.ClockSkew);
        await revocations.Update(Revocations.ShardOf(user), list => list.Revoke(mark, now), ct);
        revoked.Add(mark);
    }

    public async Task<bool> IsRevoked(User user, CancellationToken ct)
    {
        var lists = await revocations.Find(
            [.. new[] { Revocations.ShardOf(user.SessionId), Revocations.ShardOf(user.Id) }.Distinct()], ct);
        return lists.Values.SelectMany(list => list.Sessions).Any(known => known.BegunBefore is { } begunBefore
            ? known.User == user.Id && user.SignedInAt < begunBefore
            : known.SessionId == user.SessionId);
    }

    /// <summary>
    /// The revoked sessions. Every process of every service reads them at its start and once a minute.
    /// </summary>
    public async Task<RevokedList?> All(CancellationToken ct)
    {
        var lists = await revocations.Find(Revocations.AllShards, ct);
        var now = clock.GetUtcNow();
        return new([.. lists.Values.SelectMany(list => list.Sessions).Where(session => session.ExpiresAt > now)]);
    }
}
