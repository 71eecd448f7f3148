using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>Rate limits for wrong passwords and for successful sign-ins.</summary>
/// <remarks>
/// Wrong passwords are limited per account and address block (or known device), per address block over all accounts
/// (higher: it may be an office), and per account over all addresses. Known devices, which have signed in to the
/// account before, are exempt from the last two and have one limit each: an attacker cannot lock owners out of a
/// browser they have used before. A million guesses of one password take more than a year. Successful sign-ins are
/// limited because each costs a hash. They are counted after the hash, so that an attacker's guesses do not use up the
/// owner's limit.
/// </remarks>
public sealed class SignInLimits
{
    readonly Throttle wrongPair, wrongAddress, wrongAccount, rightPair, rightAddress, rightAccount, signUps;

    public SignInLimits(IConfiguration configuration, TimeProvider clock)
    {
        var multiplier = configuration.GetValue("RateLimits:Multiplier", 1);
        Throttle Of(int burst, TimeSpan interval) => new(burst * multiplier, interval / multiplier, clock);
        wrongPair = Of(10, TimeSpan.FromMinutes(1));
        wrongAddress = Of(50, TimeSpan.FromSeconds(2));
        wrongAccount = Of(30, TimeSpan.FromMinutes(1));
        rightPair = Of(20, TimeSpan.FromSeconds(10));
        rightAddress = Of(60, TimeSpan.FromSeconds(1));
        rightAccount = Of(40, TimeSpan.FromSeconds(5));
        signUps = Of(60, TimeSpan.FromSeconds(2));
    }

    /// <returns>Zero, or how long this address block must wait before its next sign-up.</returns>
    public TimeSpan SignUp(AddressBlock from) => signUps.Take(from.ToString());

    /// <param name="device">The known device of the request; null if unknown.</param>
    public Attempt SignIn(EmailAddress account, AddressBlock from, string? device)
    {
        var address = from.ToString();
        var pair = $"{account.Key} {address}";
        return new(
            wrong: device is null
                ? [(wrongPair, pair), (wrongAddress, address), (wrongAccount, account.Key)]
                : [(wrongPair, $"{account.Key} {device}")],
            right: [(rightPair, pair), (rightAddress, address), (rightAccount, account.Key)]);
    }

    /// <summary>
    /// One try at a password. While it runs it counts as wrong, so that parallel tries cannot exceed the limit. At its
    /// end it counts as wrong, as right, or (no hash, too busy) not at all.
    /// </summary>
    public sealed class Attempt : IDisposable
    {
        readonly List<(Throttle Throttle, string Key)> taken = [];
        readonly (Throttle Throttle, string Key)[] right;

        internal Attempt((Throttle Throttle, string Key)[] wrong, (Throttle Throttle, string Key)[] right)
        {
            this.right = right;
            Wait = right.Max(limit => limit.Throttle.Wait(limit.Key));
            foreach (var (throttle, key) in wrong)
            {
                if (Wait == TimeSpan.Zero && (Wait = throttle.Take(key)) == TimeSpan.Zero)
                    taken.Add((throttle, key));
            }
        }

        /// <summary>Zero: go on.</summary>
        public TimeSpan Wait { get; }

        public void Failed() => taken.Clear();

        public void Succeeded()
        {
            foreach (var (throttle, key) in right)
                throttle.Charge(key);
        }

        public void Dispose()
        {
            foreach (var (throttle, key) in taken)
                throttle.GiveBack(key);
            taken.Clear();
        }
    }
}
