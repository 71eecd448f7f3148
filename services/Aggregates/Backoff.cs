namespace Ticketing.Aggregates;

/// <summary>Exponential waits with full jitter, so that writers that collided do not collide again.</summary>
public static class Backoff
{
    const int FirstMs = 5;
    const int LastMs = 250;

    /// <param name="attempt">1 after the first failure.</param>
    public static TimeSpan Next(int attempt, Random random) =>
        TimeSpan.FromMilliseconds(random.NextDouble() * Math.Min(LastMs, FirstMs << Math.Min(attempt, 10)));
}
