using System.Globalization;

namespace Ticketing.Shop.Tests;

/// <summary>What may be asked of this machine just now.</summary>
static class Machine
{
    const double SlowestMeant = 4;

    /// <summary>How many times slower than when idle it may be, going by its load over the last minute: 1 to 4.</summary>
    static double Slowness
    {
        get
        {
            if (!File.Exists("/proc/loadavg")) return 1;
            var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
            return Math.Clamp(load / (2 * Environment.ProcessorCount), 1, SlowestMeant);
        }
    }

    /// <summary>So many on an idle machine, and more on a busy one.</summary>
    public static TimeSpan Seconds(int whenIdle) => TimeSpan.FromSeconds(Math.Ceiling(whenIdle * Slowness));
}
