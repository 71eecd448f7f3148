namespace Ticketing.Aggregates;

/// <summary>
/// Shares refreshes between callers: one at a time for an aggregate, and at most one per
/// <see cref="AggregateHost.RefreshInterval"/> unless it was saved since.
/// </summary>
sealed class SharedRefreshes<T>(TimeProvider clock)
{
    /// <summary>Per interval and process: 100 a second, what Stripe allows one account in live mode.</summary>
    const int RefreshesMax = 500;

    readonly record struct Refresh(long At, string? LastSave, Task<T> Done);

    readonly Lock gate = new();
    readonly Dictionary<string, Refresh> refreshes = [];

    /// <param name="lastSave">The last write id of the state the caller has read: a newer one allows a new
    /// refresh.</param>
    /// <returns>The running or new refresh; null if there was one within the interval, or too many run.</returns>
    public Task<T>? Join(string id, string? lastSave, Func<Task<T>> refresh)
    {
        lock (gate)
        {
            if (refreshes.TryGetValue(id, out var last) && !last.Done.IsCompleted)
                return last.Done;
            if (last.LastSave == lastSave && IsRecent(last))
                return null;
            if (refreshes.Count >= RefreshesMax)
                RemoveOld();
            if (refreshes.Count >= RefreshesMax)
                return null;
            var done = Begin(refresh);
            refreshes[id] = new(clock.GetTimestamp(), lastSave, done);
            return done;
        }
    }

    bool IsRecent(Refresh refresh) =>
        refresh.Done is { IsCompletedSuccessfully: true }
        && clock.GetElapsedTime(refresh.At) < AggregateHost.RefreshInterval;

    void RemoveOld()
    {
        foreach (var (id, refresh) in refreshes)
        {
            if (refresh.Done.IsCompleted && !IsRecent(refresh))
                refreshes.Remove(id);
        }
    }

    static async Task<T> Begin(Func<Task<T>> refresh)
    {
        await Task.Yield();   // outside the lock
        return await refresh();
    }
}
