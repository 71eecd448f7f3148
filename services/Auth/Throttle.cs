namespace Ticketing.Auth;

/// <summary>
/// So many at once, then one per interval, for each key. One number per key: the moment at which all it has used is
/// paid back (GCRA), so a key that is not heard of any more can simply be forgotten.
/// </summary>
sealed class Throttle(int burst, TimeSpan interval, TimeProvider clock)
{
    const int KeysMax = 50_000;
    readonly Lock gate = new();
    // Measured on the machine's own clock: setting the wall clock locks nobody out.
    readonly long origin = clock.GetTimestamp();
    readonly Dictionary<string, TimeSpan> paidBackAt = [];

    /// <returns>Zero: go on. Else how long to wait; nothing was counted.</returns>
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

    /// <summary>Counts one in any case: some that began side by side can be more than there was room for.</summary>
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

    // An attacker with that many keys has that many machines; who must be forgotten early is the one who used least.
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
