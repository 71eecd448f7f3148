namespace Ticketing.Aggregates;

/// <summary>Runs the same work for many items, a bounded number at a time.</summary>
static class SideBySide
{
    public static Task Run<T>(IEnumerable<T> items, int max, Func<T, Task> work)
    {
        var waiting = new Queue<T>(items);
        return Task.WhenAll(Enumerable.Range(0, Math.Min(max, waiting.Count)).Select(_ => Worker()));

        async Task Worker()
        {
            while (true)
            {
                T item;
                lock (waiting)
                {
                    if (!waiting.TryDequeue(out item!))
                        return;
                }
                await work(item);
            }
        }
    }
}
