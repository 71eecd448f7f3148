namespace Ticketing.StripeServer;

/// <summary>Lets a background loop sleep until it has something to do.</summary>
static class DueWait
{
    /// <summary>An end for the case that a write of another process, or a clock that was set, made something due.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // Many writes in a row wake the loop once.
    static readonly TimeSpan Least = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns at <paramref name="due"/>, or soon after <paramref name="changed"/> has completed.</summary>
    public static async Task Until(DateTimeOffset due, Task changed, TimeProvider clock, CancellationToken ct)
    {
        await Task.Delay(Least, clock, ct);
        var wait = due - clock.GetUtcNow();
        if (wait <= TimeSpan.Zero) return;
        await changed.WaitAsync(wait < Longest ? wait : Longest, clock, ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
