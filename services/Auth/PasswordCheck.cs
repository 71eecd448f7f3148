using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Checks a password of an account. All endpoints that do so share the same limits.</summary>
public sealed class PasswordCheck(
    AggregateStore<Account> accounts, Passwords passwords, SignInLimits limits, DeviceCookies devices)
{
    /// <param name="owner">The user whose account it must be; null at sign-in.</param>
    /// <returns>The account if the password is right, else what to answer.</returns>
    public async Task<(Account? Account, ProblemHttpResult? Problem)> Try(
        HttpContext context, EmailAddress email, string password, UserId? owner, CancellationToken ct)
    {
        var from = AddressBlock.Of(context.Connection.RemoteIpAddress);
        using var attempt = limits.SignIn(email, from, await devices.Find(context, email));
        if (attempt.Wait > TimeSpan.Zero)
            return (null, Problems.TooMany(context.Response, attempt.Wait));
        var account = await accounts.FindOwner(email, ct);
        if (owner is not null && account?.Id != owner)
            account = null;
        if (await passwords.Verify(account, password, from, ct) is not { } verdict)
            return (null, Problems.TooMany(context.Response, Passwords.BusyFor));
        if (account is null || verdict == PasswordVerificationResult.Failed)
        {
            attempt.Failed();
            return (null, Account.BadCredentials.ToProblem());
        }
        attempt.Succeeded();
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded
            && await passwords.Hash(password, from, ct) is { } hash)
            await accounts.Update(email.Key, now => now.Rehash(account.PasswordHash, hash), ct);
        return (account, null);
    }
}
