using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Ends sessions everywhere, and knows which have ended.</summary>
public sealed class SignOuts(AggregateStore<Revocations> revocations, RevokedSessions revoked, TimeProvider clock)
{
    /// <summary>Durable before it returns; the other services hear of it a moment later.</summary>
    public async Task Revoke(User user, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Whatever token of the session is the newest, a renewal under way included, has run out by then.
        var session = new SessionRevoked(user.SessionId, user.Id,
            now + Sessions.TokenLifetime + SessionToken.ClockSkew);
        await revocations.Update(Revocations.ShardOf(user.SessionId), list => list.Revoke(session, now), ct);
        revoked.Add(session);
    }

    /// <summary>Ends every session of the user that has begun, known or not; durable before it returns.</summary>
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
    /// What another service, or another process of this one, asks for at its start and once a minute.
    /// </summary>
    public async Task<RevokedList?> All(CancellationToken ct)
    {
        var lists = await revocations.Find(Revocations.AllShards, ct);
        var now = clock.GetUtcNow();
        return new([.. lists.Values.SelectMany(list => list.Sessions).Where(session => session.ExpiresAt > now)]);
    }
}
