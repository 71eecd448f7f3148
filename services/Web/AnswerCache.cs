namespace Ticketing.Web;

/// <summary>
/// One answer for all who fetch the same within a moment: while it is asked for, everybody waits for the same asking, and
/// then gets the same answer until it is too old. A failure is shared like an answer, so that a service that is down is
/// not asked by everybody at once.
/// </summary>
sealed class AnswerCache(TimeProvider clock)
{
    public static readonly TimeSpan AgeDefault = TimeSpan.FromSeconds(1);

    /// <summary>Different questions that are remembered; beyond it each is asked for its own asker.</summary>
    public const int KeysMax = 200;

    sealed class Entry
    {
        public required Lazy<Task> Request { get; init; }
        public TimeSpan AgeMax { get; set; } = AgeDefault;
        public long EndedAt { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, Entry> entries = [];

    /// <param name="fetch">Must end by itself: no asker's going away ends it for the others.</param>
    /// <param name="ageMax">How long this answer is good; a <see cref="AgeDefault"/> unless given.</param>
    public async Task<T> Get<T>(
        string key, Func<Task<T>> fetch, CancellationToken ct, Func<T, TimeSpan>? ageMax = null)
    {
        var entry = Find(key) ?? FindOrAdd(key, fetch, ageMax);
        // Asked outside of the lock; whoever comes first asks, the others wait for the same task.
        return entry is null ? await fetch() : await ((Task<T>)entry.Request.Value).WaitAsync(ct);
    }

    Entry? Find(string key)
    {
        lock (gate)
            return entries.TryGetValue(key, out var known) && !IsExpired(known) ? known : null;
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
