namespace Ticketing.Load;

/// <summary>Load until the runtime has compiled what is hot.</summary>
static class WarmUp
{
    const int WindowsMax = 12;
    const double StillRising = 1.03;
    static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Ends when a window is no longer faster than the best before it.</summary>
    /// <returns>Purchases a second then.</returns>
    public static async Task<double> UntilSteady(Market market, int people, CancellationToken ct)
    {
        var best = 0.0;
        for (var window = 0; window < WindowsMax; window++)
        {
            var rate = (await market.Trade(people, Window, ct)).Completed / Window.TotalSeconds;
            Console.WriteLine($"  warm-up: {rate:0.0} a second");
            if (window > 1 && rate <= best * StillRising) return Math.Max(rate, best);
            best = Math.Max(best, rate);
        }

        return best;
    }
}
