using System.Diagnostics;

namespace Ticketing.Testing;

/// <summary>Polls until a condition is true.</summary>
public static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20), Interval = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">Not true within <c>20 s</c>.</exception>
    public static Task Is(Func<Task<bool>> condition) =>
        Is(condition, Deadline, () => $"Not true after {Deadline.TotalSeconds} s.");

    /// <inheritdoc cref="Is(Func{Task{bool}})"/>
    public static Task Is(Func<bool> condition) => Is(() => Task.FromResult(condition()));

    /// <inheritdoc cref="Is(Func{Task{bool}})"/>
    public static Task Is(Func<bool> condition, string what) =>
        Is(condition, Deadline, () => $"Never came true: {what}.");

    /// <exception cref="TimeoutException">Not true within that time; the message is <paramref
    /// name="otherwise"/>.</exception>
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
