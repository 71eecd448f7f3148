using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>
/// The aggregates of this process to visit again after 2 s, 4 s … 60 s. One in doubt, or with unpublished events, is
/// fenced. One that is not settled publishes its snapshot again: a message that the broker accepted may still be lost.
/// </summary>
public sealed class Unfinished
{
    const int FirstWaitSeconds = 2, LastWaitSeconds = 60;
    /// <summary>Aggregates visited at the same time.</summary>
    const int VisitsMax = 16;

    /// <param name="Slot">Kept for it until it is settled; null if a slot of unknown outcome names it.</param>
    internal sealed record Item(IRecoverable Store, string Id, JournalSlot? Slot, bool NeedsFence)
    {
        public string Key { get; } = KeyOf(Store, Id);
        public int Visits { get; set; }
        public long DueAt { get; set; }
    }

    readonly Journal journal;
    readonly Random random;
    readonly ILogger<Unfinished> log;
    readonly TimeProvider clock;
    readonly Lock gate = new();
    readonly Dictionary<string, Item> items = [];

    internal Unfinished(Journal journal, Random random, ILogger<Unfinished> log, TimeProvider clock) =>
        (this.journal, this.random, this.log, this.clock) = (journal, random, log, clock);

    /// <summary>The keys of these aggregates.</summary>
    public IReadOnlyCollection<string> Keys
    {
        get
        {
            lock (gate)
                return [.. items.Keys];
        }
    }

    internal void Add(IRecoverable store, string id, JournalSlot? slot, bool needsFence)
    {
        lock (gate)
        {
            var known = items.GetValueOrDefault(KeyOf(store, id));
            if (slot is not null && known?.Slot is { } spare)
                journal.Free(spare);   // both name this aggregate
            var item = new Item(store, id, slot ?? known?.Slot, needsFence || known is { NeedsFence: true })
            {
                Visits = known?.Visits ?? 0,
            };
            item.DueAt = DueAfter(item.Visits);
            items[item.Key] = item;
        }
    }

    /// <summary>The slot that was kept for it, now the caller's: a save begins.</summary>
    internal JournalSlot? TakeSlot(IRecoverable store, string id)
    {
        lock (gate)
        {
            if (items.GetValueOrDefault(KeyOf(store, id)) is not { Slot: { } slot } item)
                return null;
            items[item.Key] = item with { Slot = null };
            return slot;
        }
    }

    /// <summary>It was saved: whether it must be visited is decided anew.</summary>
    /// <returns>The slot that was still kept for it, now the caller's.</returns>
    internal JournalSlot? Remove(IRecoverable store, string id)
    {
        lock (gate)
            return items.Remove(KeyOf(store, id), out var item) ? item.Slot : null;
    }

    /// <summary>Visits everything that is due, once.</summary>
    public Task VisitDue()
    {
        List<Item> due;
        lock (gate)
        {
            due = [.. items.Values.Where(item => item.DueAt <= clock.GetTimestamp())];
            foreach (var item in due)
                item.DueAt = DueAfter(++item.Visits);
        }
        return SideBySide.Run(due, VisitsMax, Visit);
    }

    async Task Visit(Item item)
    {
        try
        {
            if (item.NeedsFence)
                await item.Store.Fence(item.Id);
            else if (await item.Store.Repeat(item.Id))
                Settled(item);
        }
        catch (Exception e) when (e is not OperationCanceledException)   // one broken aggregate stops no other
        {
            log.VisitFailed(e, item.Key);
        }
    }

    void Settled(Item item)
    {
        lock (gate)
        {
            // A save that began during the visit has taken the slot, and decides.
            if (!ReferenceEquals(items.GetValueOrDefault(item.Key), item))
                return;
            items.Remove(item.Key);
            if (item.Slot is not null)
                journal.Free(item.Slot);
        }
    }

    static string KeyOf(IRecoverable store, string id) => $"{store.Kind}:{id}";

    long DueAfter(int visits)
    {
        var wait = Math.Min(LastWaitSeconds, FirstWaitSeconds << Math.Min(visits, 8))
            * (0.8 + 0.4 * random.NextDouble());
        return clock.GetTimestamp() + (long)(wait * clock.TimestampFrequency);
    }
}
