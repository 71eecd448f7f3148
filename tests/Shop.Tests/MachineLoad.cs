using System.Globalization;

namespace Ticketing.Shop.Tests;

/// <summary>Scales time limits by how busy this machine is.</summary>
static class MachineLoad
{
    const double SlowestMeant = 4;

    /// <summary>How much slower than idle this machine may be, by its load over the last minute: 1 to 4.</summary>
    static double Slowness
    {
        get
        {
            if (!File.Exists("/proc/loadavg")) return 1;
            var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
            return Math.Clamp(load / (2 * Environment.ProcessorCount), 1, SlowestMeant);
        }
    }

    /// <summary>This many seconds on an idle machine, more on a busy one.</summary>
    public static TimeSpan Seconds(int whenIdle) => TimeSpan.FromSeconds(Math.Ceiling(whenIdle * Slowness));
}
