namespace Ticketing.Sidecar.Resiliency;

/// <summary>When to try again: a schedule of waits, and the status codes worth it.</summary>
/// <param name="MaxRetries">Null for no bound.</param>
/// <param name="HttpCodes">Null retries every code.</param>
public sealed record Retry(
    RetryKind Kind,
    TimeSpan Duration,
    TimeSpan MaxInterval,
    int? MaxRetries,
    CodeRanges? HttpCodes,
    CodeRanges? GrpcCodes)
{
    /// <summary>An exponential schedule ends after this long even if unbounded; a constant one does not.</summary>
    static readonly TimeSpan MaxElapsed = TimeSpan.FromMinutes(15);

    static readonly TimeSpan InitialInterval = TimeSpan.FromMilliseconds(500);
    const double Multiplier = 1.5;
    const double Jitter = 0.5;

    public static Retry Constant(TimeSpan duration, int? maxRetries) =>
        new(RetryKind.Constant, duration, TimeSpan.Zero, maxRetries, null, null);

    public static Retry Exponential(TimeSpan maxInterval, int? maxRetries) =>
        new(RetryKind.Exponential, TimeSpan.Zero, maxInterval, maxRetries, null, null);

    public bool IsWorthRetrying(Verdict verdict) => verdict switch
    {
        { Failed: false } or { IsPermanent: true } => false,
        { Code: null } => true,
        { Code: >= 0 and <= 16 and var code } => GrpcCodes?.Contains(code) ?? true,
        { Code: { } code } => HttpCodes?.Contains(code) ?? true,
    };

    public Schedule Start(PolicyClock clock) => new(this, clock);

    /// <summary>The waits of one operation.</summary>
    public sealed class Schedule(Retry retry, PolicyClock clock)
    {
        readonly long _start = clock.Time.GetTimestamp();
        TimeSpan _interval = InitialInterval;
        int _retries;

        /// <summary>How long to wait before the next attempt; null when there is none.</summary>
        public TimeSpan? Next(Verdict verdict)
        {
            if (!retry.IsWorthRetrying(verdict)) return null;
            if (retry.MaxRetries is { } max && _retries >= max) return null;
            _retries++;
            if (retry.Kind == RetryKind.Constant) return retry.Duration;

            var wait = _interval * (1 - Jitter + 2 * Jitter * clock.NextDouble());
            _interval = _interval * Multiplier < retry.MaxInterval ? _interval * Multiplier : retry.MaxInterval;
            return clock.Time.GetElapsedTime(_start) + wait > MaxElapsed ? null : wait;
        }
    }
}

public enum RetryKind { Constant, Exponential }

/// <summary>Status codes as <c>matching</c> writes them: <c>429,500-599</c>.</summary>
public sealed class CodeRanges
{
    readonly List<(int First, int Last)> _ranges = [];

    /// <returns>Null for an empty text: every code matches.</returns>
    /// <exception cref="FormatException">The text is not such a list, or a code is out of bounds.</exception>
    public static CodeRanges? Parse(string text, int lowest, int highest)
    {
        if (text.Length == 0) return null;
        var codes = new CodeRanges();
        foreach (var pattern in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = pattern.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out var first) || !int.TryParse(ends[^1], out var last))
                throw new FormatException($"invalid pattern {pattern}: a code or two joined by '-'");
            if (first < lowest || last > highest || first > last)
                throw new FormatException($"invalid pattern {pattern}: codes are {lowest} to {highest}");
            codes._ranges.Add((first, last));
        }

        return codes;
    }

    public bool Contains(int code) => _ranges.Any(range => range.First <= code && code <= range.Last);
}
