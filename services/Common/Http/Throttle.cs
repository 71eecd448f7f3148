namespace Ticketing.Common;

/// <summary>
/// Rate limit per key (GCRA): a burst at once, then one per interval. It stores one time per key, at which the key's
/// whole burst is available again; after that time the entry can be removed. It has no timer, unlike the limiters of
/// <c>System.Threading.RateLimiting</c>, whose ten wake-ups a second cost an idle process one hundredth of a core.
/// </summary>
public sealed class Throttle(int burst, TimeSpan interval, TimeProvider clock)
{
    const int KeysMax = 50_000;
    readonly Lock gate = new();
    // Monotonic time: setting the wall clock must lock nobody out.
    readonly long origin = clock.GetTimestamp();
    readonly Dictionary<string, TimeSpan> paidBackAt = [];

    /// <returns>Zero if allowed. Else how long to wait; then nothing is counted.</returns>
    public TimeSpan Take(string key)
    {
        lock (gate)
        {
            var wait = WaitFor(key);
            if (wait == TimeSpan.Zero)
                Count(key);
            return wait;
        }
    }

    /// <inheritdoc cref="Take"/>
    public TimeSpan Wait(string key)
    {
        lock (gate)
            return WaitFor(key);
    }

    /// <summary>Counts one even beyond the limit: parallel tries may all succeed.</summary>
    public void Charge(string key)
    {
        lock (gate)
            Count(key);
    }

    public void GiveBack(string key)
    {
        lock (gate)
        {
            if (paidBackAt.TryGetValue(key, out var at))
                paidBackAt[key] = at - interval;
        }
    }

    TimeSpan WaitFor(string key)
    {
        var now = clock.GetElapsedTime(origin);
        return Max(TimeSpan.Zero, Max(now, paidBackAt.GetValueOrDefault(key)) + interval - now - burst * interval);
    }

    void Count(string key)
    {
        var now = clock.GetElapsedTime(origin);
        if (paidBackAt.Count >= KeysMax)
            Forget(now);
        paidBackAt[key] = Max(now, paidBackAt.GetValueOrDefault(key)) + interval;
    }

    // The table is full only if an attacker uses that many addresses. Then the keys that used least are dropped first.
    void Forget(TimeSpan now)
    {
        foreach (var (key, _) in paidBackAt.Where(item => item.Value <= now).ToList())
            paidBackAt.Remove(key);
        if (paidBackAt.Count < KeysMax)
            return;
        foreach (var (key, _) in paidBackAt.OrderBy(item => item.Value).Take(KeysMax / 10).ToList())
            paidBackAt.Remove(key);
    }

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
