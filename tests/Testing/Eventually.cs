using System.Diagnostics;

namespace Ticketing.Testing;

/// <summary>Waits for what must come true by itself, no longer than it takes.</summary>
public static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20), Interval = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">It did not come true in <c>20 s</c>.</exception>
    public static async Task Is(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > Deadline)
                throw new TimeoutException($"Not true after {Deadline.TotalSeconds} s.");
            await Task.Delay(Interval);
        }
    }

    /// <inheritdoc cref="Is(Func{Task{bool}})"/>
    public static Task Is(Func<bool> condition) => Is(() => Task.FromResult(condition()));
}
