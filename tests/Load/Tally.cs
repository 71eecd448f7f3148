using System.Diagnostics;

namespace Ticketing.Load;

/// <summary>The shop told somebody to come again later.</summary>
sealed class RefusedException() : Exception("Refused: come again later.");

/// <summary>Counts purchases while they are made.</summary>
/// <param name="span">Only what is complete within it counts as completed.</param>
sealed class Tally(TimeSpan span)
{
    readonly long _from = Stopwatch.GetTimestamp();
    int _completed, _refused;

    public Latencies Placing { get; } = new();

    public Latencies Whole { get; } = new();

    public Market.Result Result => new(_completed, _refused, Placing, Whole);

    public async Task Count(Func<Task> purchase)
    {
        try
        {
            await purchase();
            if (Stopwatch.GetElapsedTime(_from) < span) Interlocked.Increment(ref _completed);
        }
        catch (RefusedException)
        {
            Interlocked.Increment(ref _refused);
        }
    }
}
