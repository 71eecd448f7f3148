namespace Ticketing.Web;

/// <summary>
/// A cache that coalesces requests: all callers of a key await the same fetch, and get its answer until it expires.
/// Exceptions are cached as well, so that not every page calls a service that is down.
/// </summary>
sealed class AnswerCache(TimeProvider clock)
{
    public static readonly TimeSpan AgeDefault = TimeSpan.FromSeconds(1);

    /// <summary>The most keys that are cached; beyond it each caller fetches for itself.</summary>
    public const int KeysMax = 200;

    sealed class Entry
    {
        public required Lazy<Task> Request { get; init; }
        public TimeSpan AgeMax { get; set; } = AgeDefault;
        public long EndedAt { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, Entry> entries = [];

    /// <param name="fetch">Must have its own time limit: others may await it, so no caller can cancel it.</param>
    /// <param name="ageMax">How long an answer is used; <see cref="AgeDefault"/> if null.</param>
    public async Task<T> Get<T>(
        string key, Func<Task<T>> fetch, CancellationToken ct, Func<T, TimeSpan>? ageMax = null)
    {
        var entry = FindOrAdd(key, fetch, ageMax);
        // Fetched outside of the lock: the first caller starts the task, the others await it.
        return entry is null ? await fetch() : await ((Task<T>)entry.Request.Value).WaitAsync(ct);
    }

    Entry? FindOrAdd<T>(string key, Func<Task<T>> fetch, Func<T, TimeSpan>? ageMax)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known) && !IsExpired(known))
                return known;
            if (entries.Count >= KeysMax)
                RemoveExpired();
            if (entries.Count >= KeysMax && !entries.ContainsKey(key))
                return null;
            Entry entry = null!;
            entry = new() { Request = new(() => Fetch(entry, fetch, ageMax)) };
            return entries[key] = entry;
        }
    }

    async Task<T> Fetch<T>(Entry entry, Func<Task<T>> fetch, Func<T, TimeSpan>? ageMax)
    {
        try
        {
            var answer = await fetch();
            entry.AgeMax = ageMax?.Invoke(answer) ?? AgeDefault;
            return answer;
        }
        finally
        {
            entry.EndedAt = clock.GetTimestamp();
        }
    }

    bool IsExpired(Entry entry) => entry.Request is { IsValueCreated: true, Value.IsCompleted: true }
        && clock.GetElapsedTime(entry.EndedAt) >= entry.AgeMax;

    void RemoveExpired()
    {
        foreach (var (key, entry) in entries)
        {
            if (IsExpired(entry))
                entries.Remove(key);
        }
    }
}
