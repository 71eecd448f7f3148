namespace Ticketing.Sidecar.Actors;

/// <summary>A queue of items by due time: each is handed out once, never early. It uses one timer, so that a hundred
/// thousand pending items cost only memory.</summary>
/// <param name="onDue">Called from the clock's thread: it starts the work and returns.</param>
sealed class DueQueue<TKey, TItem>(TimeProvider clock, Action<TItem> onDue) : IDisposable
    where TKey : notnull
{
    /// <summary>The longest sleep. The system's timer stands still while the machine sleeps, but the clock does not:
    /// what became due meanwhile comes so long after it woke up.</summary>
    static readonly TimeSpan SleepMax = TimeSpan.FromMinutes(1);

    /// <summary>The system's timer counts whole milliseconds: a shorter sleep would be a busy loop.</summary>
    static readonly TimeSpan SleepMin = TimeSpan.FromMilliseconds(1);

    /// <summary>Removed entries stay in the heap until there are this many more of them than of the others.</summary>
    const int DeadMax = 1024;

    readonly Lock _gate = new();
    readonly Dictionary<TKey, Entry> _live = [];
    PriorityQueue<Entry, (DateTimeOffset Due, long Number)> _heap = new();
    ITimer? _timer;
    DateTimeOffset _wakeAt = DateTimeOffset.MaxValue;
    long _added;
    bool _disposed;

    /// <summary>Adds the item, or replaces the one with this key.</summary>
    public void Set(TKey key, DateTimeOffset due, TItem item)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            Forget(key);
            var entry = new Entry(key, item);
            _live[key] = entry;
            _heap.Enqueue(entry, (due, _added++));
            Sleep();
        }
    }

    public bool Remove(TKey key)
    {
        lock (_gate)
            return Forget(key);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _live.Clear();
            _heap.Clear();
            _timer?.Dispose();
        }
    }

    void Wake(object? state)
    {
        while (Take() is { } entry)
            onDue(entry.Item);
    }

    Entry? Take()
    {
        lock (_gate)
        {
            _wakeAt = DateTimeOffset.MaxValue;
            while (_heap.TryPeek(out var entry, out var at) && (entry.Dead || at.Due <= clock.GetUtcNow()))
            {
                _heap.Dequeue();
                if (entry.Dead)
                    continue;
                _live.Remove(entry.Key);
                return entry;
            }
            Sleep();
            return null;
        }
    }

    bool Forget(TKey key)
    {
        if (!_live.Remove(key, out var entry))
            return false;
        entry.Dead = true;
        if (_heap.Count > 2 * _live.Count + DeadMax)
            _heap = new(_heap.UnorderedItems.Where(item => !item.Element.Dead));
        return true;
    }

    void Sleep()
    {
        if (!_heap.TryPeek(out _, out var first) || first.Due >= _wakeAt)
            return;
        _wakeAt = first.Due;
        var sleep = first.Due - clock.GetUtcNow();
        sleep = sleep < SleepMin ? SleepMin : sleep > SleepMax ? SleepMax : sleep;
        if (_timer is null)
            _timer = clock.CreateTimer(Wake, null, sleep, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(sleep, Timeout.InfiniteTimeSpan);
    }

    sealed class Entry(TKey key, TItem item)
    {
        public readonly TKey Key = key;
        public readonly TItem Item = item;
        public bool Dead;
    }
}
