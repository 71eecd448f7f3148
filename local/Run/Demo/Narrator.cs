using System.Diagnostics;

namespace Ticketing.Run.Demo;

/// <summary>The shop did not keep its word; the message says what was seen instead.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>Tells the journey, one line per step with the time it took.</summary>
sealed class Narrator(TextWriter output)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public void Say(string line) => output.WriteLine(line);

    public async Task Step(string promise, Func<Task> keep)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await keep();
        }
        catch
        {
            output.WriteLine($"  ✗ {promise}");
            throw;
        }

        output.WriteLine($"  ✓ {promise}  ({watch.Elapsed.TotalMilliseconds:0} ms)");
    }

    /// <summary>Looks until it is so.</summary>
    /// <exception cref="BrokenPromiseException">Not in time; the message ends with the last look.</exception>
    public static async Task<Answer> Eventually(
        Func<Task<Answer>> look, Func<Answer, bool> isSo, TimeSpan within, string what, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isSo(seen)) return seen;
            if (watch.Elapsed > within)
                throw new BrokenPromiseException($"not within {within.TotalSeconds:0} s: {what}; last: {seen.Body}");
            await Task.Delay(LookEvery, ct);
        }
    }
}
