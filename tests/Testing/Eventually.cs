using System.Diagnostics;

namespace Ticketing.Testing;

/// <summary>Waits for what must come true by itself, no longer than it takes.</summary>
public static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20), Interval = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It did not come true in <c>20 s</c>.</exception>
    public static Task Is(Func<Task<bool>> condition) =>
        Is(condition, Deadline, () => $"Not true after {Deadline.TotalSeconds} s.");

    /// <inheritdoc cref="Is(Func{Task{bool}})"/>
    public static Task Is(Func<bool> condition) => Is(() => Task.FromResult(condition()));

    /// <inheritdoc cref="Is(Func{Task{bool}})"/>
    public static Task Is(Func<bool> condition, string what) => Is(condition, Deadline, () => $"Never came true: {what}.");

    /// <exception cref="TimeoutException">It did not come true in that time; says what was wrong instead.</exception>
    public static Task Is(Func<bool> condition, TimeSpan within, Func<string> otherwise) =>
        Is(() => Task.FromResult(condition()), within, otherwise);

    static async Task Is(Func<Task<bool>> condition, TimeSpan within, Func<string> otherwise)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > within) throw new TimeoutException(otherwise());
            await Task.Delay(Interval);
        }
    }
}
