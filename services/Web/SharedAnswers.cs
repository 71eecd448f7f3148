namespace Ticketing.Web;

/// <summary>
/// One answer for all who ask the same within a moment: while it is asked for, everybody waits for the same asking, and
/// then gets the same answer until it is too old. A failure is shared like an answer, so that a service that is down is
/// not asked by everybody at once.
/// </summary>
sealed class SharedAnswers(TimeProvider clock)
{
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Different questions that are remembered; beyond it each is asked for its own asker.</summary>
    public const int KeysMax = 200;

    sealed class Entry
    {
        public required Lazy<Task> Asking { get; init; }
        public TimeSpan Age { get; set; } = Moment;
        public long EndedAt { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, Entry> entries = [];

    /// <param name="ask">Must end by itself: no asker's going away ends it for the others.</param>
    /// <param name="ageMax">How long this answer is good; a <see cref="Moment"/> unless given.</param>
    public async Task<T> Get<T>(
        string key, Func<Task<T>> ask, CancellationToken ct, Func<T, TimeSpan>? ageMax = null)
    {
        var entry = Find(key) ?? Remember(key, ask, ageMax);
        // Asked outside of the lock; whoever comes first asks, the others wait for the same task.
        return entry is null ? await ask() : await ((Task<T>)entry.Asking.Value).WaitAsync(ct);
    }

    Entry? Find(string key)
    {
        lock (gate)
            return entries.TryGetValue(key, out var known) && !IsOld(known) ? known : null;
    }

    Entry? Remember<T>(string key, Func<Task<T>> ask, Func<T, TimeSpan>? ageMax)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var known) && !IsOld(known))
                return known;
            if (entries.Count >= KeysMax)
                Forget();
            if (entries.Count >= KeysMax && !entries.ContainsKey(key))
                return null;
            Entry entry = null!;
            entry = new() { Asking = new(() => Ask(entry, ask, ageMax)) };
            return entries[key] = entry;
        }
    }

    async Task<T> Ask<T>(Entry entry, Func<Task<T>> ask, Func<T, TimeSpan>? ageMax)
    {
        try
        {
            var answer = await ask();
            entry.Age = ageMax?.Invoke(answer) ?? Moment;
            return answer;
        }
        finally
        {
            entry.EndedAt = clock.GetTimestamp();
        }
    }

    bool IsOld(Entry entry) => entry.Asking is { IsValueCreated: true, Value.IsCompleted: true }
        && clock.GetElapsedTime(entry.EndedAt) >= entry.Age;

    void Forget()
    {
        foreach (var (key, entry) in entries)
        {
            if (IsOld(entry))
                entries.Remove(key);
        }
    }
}
