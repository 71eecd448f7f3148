namespace Ticketing.Sidecar.Resiliency;

/// <summary>When to try again: a schedule of waits, and the status codes worth it.</summary>
/// <param name="MaxRetries">Null for no bound.</param>
/// <param name="HttpCodes">Null retries every code.</param>
public sealed record Retry(
    RetryKind Kind, TimeSpan Duration, TimeSpan MaxInterval, int? MaxRetries, CodeRanges? HttpCodes,
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

    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempt">Counted from 0.</param>
    /// <param name="chance">At least 0, less than 1.</param>
    public TimeSpan Wait(int attempt, double chance) => Kind == RetryKind.Constant
        ? Duration
        : Interval(attempt) * (1 - Jitter + 2 * Jitter * chance);

    /// <summary>Whether there is time for another attempt, however long the wait before it turns out.</summary>
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
