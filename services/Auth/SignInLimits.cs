using System.Net;
using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>
/// How often somebody may be wrong. Only failures count: who knows the password is never in anybody's way.
/// </summary>
/// <remarks>
/// One account tried from one place (or by one known device): a few. One place trying many accounts: some more, it may
/// be an office. One account tried from everywhere: strangers share a bucket, and when it is empty only devices that
/// have signed in to it before may try, each with a bucket of its own. So nobody can lock an owner out of his own
/// browser. A million guesses of one password take more than a year.
/// </remarks>
public sealed class SignInLimits
{
    readonly Throttle onePair, onePlace, oneAccount, signUps;

    public SignInLimits(IConfiguration configuration, TimeProvider clock)
    {
        var multiplier = configuration.GetValue("RateLimits:Multiplier", 1);
        Throttle Of(int burst, TimeSpan interval) => new(burst * multiplier, interval / multiplier, clock);
        onePair = Of(10, TimeSpan.FromMinutes(1));
        onePlace = Of(50, TimeSpan.FromSeconds(2));
        oneAccount = Of(30, TimeSpan.FromMinutes(1));
        signUps = Of(60, TimeSpan.FromSeconds(2));
    }

    /// <returns>Zero, or how long this place has to wait before the next new account.</returns>
    public TimeSpan SignUp(IPAddress? address) => signUps.Take(AddressBlock.Of(address).ToString());

    /// <param name="device">The known device that asks, or null for a stranger.</param>
    public Attempt SignIn(EmailAddress account, IPAddress? address, string? device)
    {
        var place = AddressBlock.Of(address).ToString();
        (Throttle, string)[] limits = device is null
            ? [(onePair, $"{account.Key} {place}"), (onePlace, place), (oneAccount, account.Key)]
            : [(onePair, $"{account.Key} {device}")];
        var attempt = new Attempt();
        foreach (var (throttle, key) in limits)
        {
            if (!attempt.Take(throttle, key))
                break;
        }
        return attempt;
    }

    /// <summary>One try at a password. It is given back at the end unless it <see cref="Failed"/>.</summary>
    public sealed class Attempt : IDisposable
    {
        readonly List<(Throttle Throttle, string Key)> taken = [];

        /// <summary>Zero: go on.</summary>
        public TimeSpan Wait { get; private set; }

        internal bool Take(Throttle throttle, string key)
        {
            Wait = throttle.Take(key);
            if (Wait == TimeSpan.Zero)
                taken.Add((throttle, key));
            return Wait == TimeSpan.Zero;
        }

        public void Failed() => taken.Clear();

        public void Dispose()
        {
            foreach (var (throttle, key) in taken)
                throttle.GiveBack(key);
            taken.Clear();
        }
    }
}
