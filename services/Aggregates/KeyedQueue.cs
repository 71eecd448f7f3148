namespace Ticketing.Aggregates;

/// <summary>
/// A queue per key: one worker at a time takes the waiting items of a key as a batch. Keys are independent.
/// </summary>
/// <param name="work">Handles a batch of one key; must not throw.</param>
public sealed class KeyedQueue<TItem>(int batchMax, int waitingMax, Func<string, IReadOnlyList<TItem>, Task> work)
{
    readonly Lock gate = new();
    readonly Dictionary<string, Queue<TItem>> busy = [];

    /// <returns>False if too many items wait under this key already.</returns>
    public bool TryEnqueue(string key, TItem item)
    {
        lock (gate)
        {
            if (busy.TryGetValue(key, out var waiting))
            {
                if (waiting.Count >= waitingMax)
                    return false;
                waiting.Enqueue(item);
                return true;
            }
            busy[key] = new([item]);
        }
        _ = Drain(key);
        return true;
    }

    async Task Drain(string key)
    {
        while (Next(key) is { Count: > 0 } batch)
            await work(key, batch);
    }

    List<TItem> Next(string key)
    {
        lock (gate)
        {
            var waiting = busy[key];
            var batch = new List<TItem>(Math.Min(waiting.Count, batchMax));
            while (batch.Count < batchMax && waiting.TryDequeue(out var item))
                batch.Add(item);
            if (batch.Count == 0)
                busy.Remove(key);
            return batch;
        }
    }
}
