using System.Collections.Immutable;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>The sessions of an account, kept in its document: begun, renewed and ended (docs/decisions/0008).</summary>
public sealed class SessionList(AggregateStore<Account> accounts, SignOuts signOuts, TimeProvider clock)
{
    public async Task<Account?> AccountOf(User user, CancellationToken ct) =>
        KeyOf(user) is { } key && await accounts.Find(key, ct) is { } account && account.Id == user.Id ? account : null;

    /// <returns>False if the password was changed after <paramref name="account"/> was read.</returns>
    public async Task<bool> Begin(string key, Account account, Session session, CancellationToken ct)
    {
        ImmutableArray<Session> before = [];
        var decision = await accounts.Update(key, now =>
        {
            before = now.Sessions;
            return now.Begin(account.Id, session, account.PasswordsBefore);
        }, ct);
        if (decision.Refusal is not null)
            return false;
        await Revoke(account.Id, Gone(before, decision.State!, session.BeganAt), ct);
        return true;
    }

    /// <returns>False: it has been ended, and its token is not replaced.</returns>
    public async Task<bool> Renew(User user, AddressBlock from, string browser, CancellationToken ct) =>
        KeyOf(user) is { } key
            // A sign-out may be cut short after the revocation, before the session leaves the list.
            && !await signOuts.IsRevoked(user, ct)
            && (await accounts.Update(key, account => account.Renew(user, clock.GetUtcNow(), $"{from}", browser), ct))
                .Refusal is null;

    /// <summary>Those of these sessions that are the user's end everywhere; the user's own always is.</summary>
    public async Task End(User user, IReadOnlyCollection<string> sessionIds, CancellationToken ct)
    {
        var account = await AccountOf(user, ct);
        var ids = sessionIds.Where(id => id == user.SessionId || account?.Sessions.Any(known => known.Id == id) == true)
            .ToList();
        // In this order: cut short, they are listed although they have ended. Otherwise they would live on unlisted.
        await Revoke(user.Id, ids, ct);
        if (account is not null && KeyOf(user) is { } key)
            await accounts.Update(key, now => now.End(user.Id, ids), ct);
    }

    /// <summary>All of them, the one that asks included.</summary>
    public async Task EndAll(User user, CancellationToken ct) =>
        await End(user, [user.SessionId, .. (await AccountOf(user, ct))?.Sessions.Select(known => known.Id) ?? []], ct);

    /// <summary>A new password, and the end of all sessions but the one that asks.</summary>
    /// <returns>False if another change came first; then nothing was changed.</returns>
    public async Task<bool> ChangePassword(User user, Account account, string hash, CancellationToken ct)
    {
        var others = account.Sessions.Where(known => known.Id != user.SessionId).Select(known => known.Id).ToList();
        // Before the change: cut short between the two, the person still knows the password that is good.
        await Revoke(user.Id, others, ct);
        ImmutableArray<Session> before = [];
        var decision = await accounts.Update(KeyOf(user)!, now =>
        {
            before = now.Sessions;
            return now.ChangePassword(user, account.PasswordsBefore, hash);
        }, ct);
        if (decision.Refusal is not null)
            return false;
        // Some may have begun in between.
        await Revoke(user.Id, Gone(before, decision.State!, clock.GetUtcNow()).Except(others), ct);
        return true;
    }

    // What left the list although its tokens are still good.
    static IEnumerable<string> Gone(ImmutableArray<Session> before, Account after, DateTimeOffset now) =>
        before.Except(after.Sessions).Where(session => !session.HasRunOut(now)).Select(session => session.Id);

    Task Revoke(UserId user, IEnumerable<string> sessionIds, CancellationToken ct) =>
        Task.WhenAll(sessionIds.Select(id => signOuts.Revoke(new(user, "", id), ct)));

    static string? KeyOf(User user) => EmailAddress.TryParse(user.Email)?.Key;
}
