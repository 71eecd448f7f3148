using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>
/// Hashes passwords on one thread: a hash costs a core about a tenth of a second by design, and many sign-ins at once
/// must not take all cores away from other requests.
/// </summary>
public sealed class Passwords : IDisposable
{
    /// <summary>OWASP's cost for PBKDF2-HMAC-SHA512 (Password Storage Cheat Sheet, 2026).</summary>
    public const int Iterations = 220_000;
    /// <summary>Two seconds of work: a client that waits longer has given up or tries again.</summary>
    public const int WaitingMax = 20;
    public static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(2);

    readonly PasswordHasher<Account> hasher;
    readonly HashQueue queue = new(WaitingMax);
    readonly Lazy<string> dummyHash;

    public Passwords(IConfiguration configuration, ILogger<Passwords> log)
    {
        var iterations = configuration.GetValue("Passwords:Iterations", Iterations);
        if (iterations < Iterations)
            log.CheapHashes(iterations, Iterations);
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        dummyHash = new(() => hasher.HashPassword(null!, "the password of nobody"));
    }

    /// <returns>Null if too many jobs wait.</returns>
    public async Task<string?> Hash(string password, AddressBlock from, CancellationToken ct)
    {
        string? hash = null;
        await queue.Run(from, () => hash = hasher.HashPassword(null!, Credentials.Normalize(password)), ct);
        return hash;
    }

    /// <summary>
    /// Whether it is the account's password. Without an account it hashes all the same: the time must not tell whether
    /// an address has an account.
    /// </summary>
    /// <returns>Null if too many jobs wait.</returns>
    public async Task<PasswordVerificationResult?> Verify(
        Account? account, string password, AddressBlock from, CancellationToken ct)
    {
        PasswordVerificationResult? verdict = null;
        await queue.Run(from, () => verdict = Verify(account, password), ct);
        return verdict;
    }

    PasswordVerificationResult Verify(Account? account, string password)
    {
        var hash = account?.PasswordHash ?? dummyHash.Value;
        var verdict = hasher.VerifyHashedPassword(null!, hash, Credentials.Normalize(password));
        return account is null ? PasswordVerificationResult.Failed : verdict;
    }

    public void Dispose() => queue.Dispose();
}
