using System.Diagnostics;

namespace Ticketing.Load;

/// <summary>How often something is begun.</summary>
static class Pace
{
    /// <summary>Each of so many begins anew as soon as it has ended: what the other side can bear decides.</summary>
    /// <param name="work">Told which of them it is.</param>
    public static Task Flat(int workers, TimeSpan span, Func<int, Task> work, CancellationToken ct)
    {
        var from = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(from) < span) await work(worker);
        }, ct)));
    }

    /// <summary>At a rate, whether or not those before have ended: what is late counts as late.</summary>
    /// <param name="work">Told its number, and the timestamp when it was due.</param>
    public static async Task Steady(double perSecond, TimeSpan span, Func<int, long, Task> work, CancellationToken ct)
    {
        var all = new List<Task>();
        var from = Stopwatch.GetTimestamp();
        for (var i = 0; i < (int)(perSecond * span.TotalSeconds); i++)
        {
            var (number, due) = (i, from + (long)(i / perSecond * Stopwatch.Frequency));
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, ct);
            all.Add(Task.Run(() => work(number, due), ct));
        }

        await Task.WhenAll(all);
    }
}
