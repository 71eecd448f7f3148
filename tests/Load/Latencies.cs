using System.Diagnostics;
using HdrHistogram;

namespace Ticketing.Load;

/// <summary>How long things took, to three digits, from a microsecond to a minute.</summary>
sealed class Latencies
{
    const long MicrosecondsMax = 60_000_000;

    readonly LongHistogram _histogram = new(1, MicrosecondsMax, 3);
    readonly Lock _lock = new();

    public long Count => _histogram.TotalCount;

    public double P50 => Milliseconds(50);

    public double P99 => Milliseconds(99);

    public double Max => Milliseconds(100);

    public void Add(TimeSpan taken)
    {
        lock (_lock) _histogram.RecordValue(Math.Clamp((long)taken.TotalMicroseconds, 1, MicrosecondsMax));
    }

    public void Add(Latencies other)
    {
        lock (_lock) _histogram.Add(other._histogram);
    }

    /// <summary>Runs and measures one thing.</summary>
    public async Task<T> Time<T>(Func<Task<T>> work)
    {
        var from = Stopwatch.GetTimestamp();
        var result = await work();
        Add(Stopwatch.GetElapsedTime(from));
        return result;
    }

    double Milliseconds(double percentile) => _histogram.GetValueAtPercentile(percentile) / 1000.0;
}
