using System.Collections.Immutable;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Begins, renews and ends sessions in the account's document (docs/decisions/0008).</summary>
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

    /// <returns>False if the session was ended: it gets no new token.</returns>
    public async Task<bool> Renew(User user, AddressBlock from, string browser, CancellationToken ct) =>
        KeyOf(user) is { } key
            // If a sign-out was interrupted, the session may be revoked and still be in the list.
            && !await signOuts.IsRevoked(user, ct)
            && (await accounts.Update(key, account => account.Renew(user, clock.GetUtcNow(), $"{from}", browser), ct))
                .Refusal is null;

    /// <summary>Ends those of these sessions that belong to the user; the current session always does.</summary>
    public async Task End(User user, IReadOnlyCollection<string> sessionIds, CancellationToken ct)
    {
        var account = await AccountOf(user, ct);
        var ids = sessionIds.Where(id => id == user.SessionId || account?.Sessions.Any(known => known.Id == id) == true)
            .ToList();
        // Revoke first: if interrupted, an ended session is still listed. The other order could leave a live one
        // unlisted.
        await Revoke(user.Id, ids, ct);
        if (account is not null && KeyOf(user) is { } key)
            await accounts.Update(key, now => now.End(user.Id, ids), ct);
    }

    /// <summary>Ends all sessions of the user, the current one included.</summary>
    public async Task EndAll(User user, CancellationToken ct) =>
        await End(user, [user.SessionId, .. (await AccountOf(user, ct))?.Sessions.Select(known => known.Id) ?? []], ct);

    /// <summary>Sets a new password and ends all sessions but the current one.</summary>
    /// <returns>False if another change came first; then nothing was changed.</returns>
    public async Task<bool> ChangePassword(User user, Account account, string hash, CancellationToken ct)
    {
        var others = account.Sessions.Where(known => known.Id != user.SessionId).Select(known => known.Id).ToList();
        // Revoke before the change: if interrupted in between, the password the person knows is still valid.
        await Revoke(user.Id, others, ct);
        ImmutableArray<Session> before = [];
        var decision = await accounts.Update(KeyOf(user)!, now =>
        {
            before = now.Sessions;
            return now.ChangePassword(user, account.PasswordsBefore, hash);
        }, ct);
        if (decision.Refusal is not null)
            return false;
        // More sessions may have begun in between.
        await Revoke(user.Id, Gone(before, decision.State!, clock.GetUtcNow()).Except(others), ct);
        return true;
    }

    // Sessions that were removed from the list while their tokens are still valid.
    static IEnumerable<string> Gone(ImmutableArray<Session> before, Account after, DateTimeOffset now) =>
        before.Except(after.Sessions).Where(session => !session.HasRunOut(now)).Select(session => session.Id);

    Task Revoke(UserId user, IEnumerable<string> sessionIds, CancellationToken ct) =>
        Task.WhenAll(sessionIds.Select(id => signOuts.Revoke(new(user, "", id), ct)));

    static string? KeyOf(User user) => EmailAddress.TryParse(user.Email)?.Key;
}
