namespace Ticketing.Aggregates;

/// <summary>
/// Looks outside that callers share: one at a time for an aggregate, and at most one per
/// <see cref="AggregateHost.LookInterval"/> while it has not been saved since.
/// </summary>
sealed class SharedLooks(TimeProvider clock)
{
    /// <summary>Looks in one interval and process: 100 a second, what Stripe allows one account in live mode.</summary>
    const int LooksMax = 500;

    readonly record struct Look(long At, string? LastSave, Task Done);

    readonly Lock gate = new();
    readonly Dictionary<string, Look> looks = [];

    /// <param name="lastSave">Names the save that the caller has read: a newer one allows a new look at once.</param>
    /// <returns>The look under way or just begun; null if there was one just now, or too many are made.</returns>
    public Task? Join(string id, string? lastSave, Func<Task> look)
    {
        lock (gate)
        {
            if (looks.TryGetValue(id, out var last) && !last.Done.IsCompleted)
                return last.Done;
            if (last.LastSave == lastSave && IsRecent(last))
                return null;
            if (looks.Count >= LooksMax)
                Forget();
            if (looks.Count >= LooksMax)
                return null;
            var done = Begin(look);
            looks[id] = new(clock.GetTimestamp(), lastSave, done);
            return done;
        }
    }

    bool IsRecent(Look look) =>
        look.Done is { IsCompletedSuccessfully: true } && clock.GetElapsedTime(look.At) < AggregateHost.LookInterval;

    void Forget()
    {
        foreach (var (id, look) in looks)
        {
            if (look.Done.IsCompleted && !IsRecent(look))
                looks.Remove(id);
        }
    }

    static async Task Begin(Func<Task> look)
    {
        await Task.Yield();   // not under the lock
        await look();
    }
}
