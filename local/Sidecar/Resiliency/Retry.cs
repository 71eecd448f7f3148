namespace Ticketing.Sidecar.Resiliency;

/// <summary>A schedule of waits between attempts.</summary>
/// <param name="Duration">The wait of a constant retry.</param>
/// <param name="MaxInterval">The longest wait of an exponential one, before jitter.</param>
/// <param name="MaxRetries">Null for no bound.</param>
public sealed record Retry(RetryKind Kind, TimeSpan Duration, TimeSpan MaxInterval, int? MaxRetries)
{
    /// <summary>An exponential schedule ends after this long even if unbounded; a constant one does not.</summary>
    static readonly TimeSpan MaxElapsed = TimeSpan.FromMinutes(15);

    static readonly TimeSpan InitialInterval = TimeSpan.FromMilliseconds(500);
    const double Multiplier = 1.5;
    const double Jitter = 0.5;

    public static Retry Constant(TimeSpan duration, int? maxRetries) =>
        new(RetryKind.Constant, duration, TimeSpan.Zero, maxRetries);

    public static Retry Exponential(TimeSpan maxInterval, int? maxRetries) =>
        new(RetryKind.Exponential, TimeSpan.Zero, maxInterval, maxRetries);

    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempt">Counted from 0.</param>
    /// <param name="random">At least 0, less than 1.</param>
    public TimeSpan Wait(int attempt, double random) => Kind == RetryKind.Constant
        ? Duration
        : Interval(attempt) * (1 - Jitter + 2 * Jitter * random);

    /// <summary>Whether another attempt is allowed, before the length of its wait is known.</summary>
    public bool HasTime(int attempt, TimeSpan elapsed) =>
        Kind == RetryKind.Constant || elapsed + Interval(attempt) * (1 + Jitter) <= MaxElapsed;

    TimeSpan Interval(int attempt)
    {
        if (attempt == 0) return InitialInterval;
        var grown = InitialInterval.TotalSeconds * Math.Pow(Multiplier, attempt);
        return grown < MaxInterval.TotalSeconds ? TimeSpan.FromSeconds(grown) : MaxInterval;
    }
}

public enum RetryKind { Constant, Exponential }
