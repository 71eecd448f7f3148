namespace Ticketing.Aggregates;

/// <summary>Aggregates to visit again after 2 s, 4 s … 60 s, each with the journal entries kept for it.</summary>
sealed class DueList(Random random, TimeProvider clock)
{
    const int FirstWaitSeconds = 2, LastWaitSeconds = 60;
    /// <summary>Aggregates visited at the same time.</summary>
    const int VisitsMax = 8;

    public sealed class Item(IRecoverable store, string id)
    {
        public IRecoverable Store => store;
        public string Id => id;
        public string Key { get; } = $"{store.Kind}:{id}";
        public List<JournalEntry> Entries { get; } = [];
        public int Visits { get; set; }
        public long DueAt { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, Item> items = [];

    public void Add(IRecoverable store, string id, IReadOnlyList<JournalEntry> entries)
    {
        var item = new Item(store, id);
        lock (gate)
        {
            if (items.TryGetValue(item.Key, out var known))
                item = known;
            else
                (items[item.Key], item.DueAt) = (item, DueAfter(item.Visits));
            item.Entries.AddRange(entries);
        }
    }

    /// <returns>The journal entries that were kept for it.</returns>
    public IReadOnlyList<JournalEntry> Remove(IRecoverable store, string id)
    {
        lock (gate)
            return items.Remove(new Item(store, id).Key, out var item) ? item.Entries : [];
    }

    /// <summary>Removes an item unless it was replaced during its visit.</summary>
    public void Remove(Item item)
    {
        lock (gate)
        {
            if (items.GetValueOrDefault(item.Key) == item)
                items.Remove(item.Key);
        }
    }

    /// <summary>Visits everything that is due, once.</summary>
    public async Task VisitDue(Func<Item, Task> visit)
    {
        List<Item> due;
        lock (gate)
        {
            due = [.. items.Values.Where(item => item.DueAt <= clock.GetTimestamp())];
            foreach (var item in due)
                item.DueAt = DueAfter(++item.Visits);
        }
        foreach (var some in due.Chunk(VisitsMax))
            await Task.WhenAll(some.Select(visit));
    }

    long DueAfter(int visits)
    {
        var wait = Math.Min(LastWaitSeconds, FirstWaitSeconds << Math.Min(visits, 8))
            * (0.8 + 0.4 * random.NextDouble());
        return clock.GetTimestamp() + (long)(wait * clock.TimestampFrequency);
    }
}
