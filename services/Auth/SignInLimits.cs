using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>How often somebody may be wrong about a password, and how often right.</summary>
/// <remarks>
/// Wrong: one account tried from one place (or by one known device), a few times. One place trying many accounts: some
/// more, it may be an office. One account tried from everywhere: strangers share a bucket, and when it is empty only
/// devices that have signed in to it before may try, each with a bucket of its own. So strangers can keep no owner out
/// of a browser they have used before. A million guesses of one password take more than a year.
/// Right: every sign-in costs a hash, so they are counted as well; only after the hash, because a stranger who guesses
/// must not use up what the owner has.
/// </remarks>
public sealed class SignInLimits
{
    readonly Throttle wrongPair, wrongPlace, wrongAccount, rightPair, rightPlace, rightAccount, signUps;

    public SignInLimits(IConfiguration configuration, TimeProvider clock)
    {
        var multiplier = configuration.GetValue("RateLimits:Multiplier", 1);
        Throttle Of(int burst, TimeSpan interval) => new(burst * multiplier, interval / multiplier, clock);
        wrongPair = Of(10, TimeSpan.FromMinutes(1));
        wrongPlace = Of(50, TimeSpan.FromSeconds(2));
        wrongAccount = Of(30, TimeSpan.FromMinutes(1));
        rightPair = Of(20, TimeSpan.FromSeconds(10));
        rightPlace = Of(60, TimeSpan.FromSeconds(1));
        rightAccount = Of(40, TimeSpan.FromSeconds(5));
        signUps = Of(60, TimeSpan.FromSeconds(2));
    }

    /// <returns>Zero, or how long this place has to wait before the next new account.</returns>
    public TimeSpan SignUp(AddressBlock from) => signUps.Take(from.ToString());

    /// <param name="device">The known device that asks, or null for a stranger.</param>
    public Attempt SignIn(EmailAddress account, AddressBlock from, string? device)
    {
        var place = from.ToString();
        var pair = $"{account.Key} {place}";
        return new(
            wrong: device is null
                ? [(wrongPair, pair), (wrongPlace, place), (wrongAccount, account.Key)]
                : [(wrongPair, $"{account.Key} {device}")],
            right: [(rightPair, pair), (rightPlace, place), (rightAccount, account.Key)]);
    }

    /// <summary>
    /// One try at a password. It counts as wrong while it lasts, and at its end as what it was: wrong, right, or (the
    /// machine was too busy to tell) not at all.
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
