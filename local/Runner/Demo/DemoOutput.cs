using System.Diagnostics;

namespace Ticketing.Run.Demo;

/// <summary>A step of the demo failed; the message says what was found instead.</summary>
public sealed class DemoFailedException(string message) : Exception(message);

/// <summary>Prints one line per step of the demo, with the time it took.</summary>
sealed class DemoOutput(TextWriter output)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public void Write(string line) => output.WriteLine(line);

    public async Task Step(string what, Func<Task> step)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            await step();
        }
        catch
        {
            output.WriteLine($"  ✗ {what}");
            throw;
        }

        output.WriteLine($"  ✓ {what}  ({watch.Elapsed.TotalMilliseconds:0} ms)");
    }

    /// <summary>Polls until the condition is true.</summary>
    /// <exception cref="DemoFailedException">Not in time; the message ends with the last response.</exception>
    public static async Task<ApiResponse> WaitFor(
        Func<Task<ApiResponse>> look, Func<ApiResponse, bool> isSo, TimeSpan within, string what, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isSo(seen)) return seen;
            if (watch.Elapsed > within)
                throw new DemoFailedException($"not within {within.TotalSeconds:0} s: {what}; last: {seen.Body}");
            await Task.Delay(LookEvery, ct);
        }
    }
}
