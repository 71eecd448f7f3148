using System.Text.RegularExpressions;

namespace Ticketing.Sidecar.Resources;

/// <summary>Durations as Dapr writes them: <c>1h2m3.5s</c>, <c>250ms</c>, <c>-2s</c>, <c>0</c>.</summary>
public static partial class DaprDuration
{
    /// <summary>Dapr counts nanoseconds in 64 bits.</summary>
    static readonly TimeSpan Max = TimeSpan.FromHours(2_562_047);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.TrimStart('+', '-') == "0") return true;
        if (!Pattern().IsMatch(text)) return false;
        var ticks = 0m;
        foreach (Match part in Part().Matches(text))
        {
            var isNumber = decimal.TryParse(part.Groups["number"].Value, CultureInfo.InvariantCulture, out var number);
            if (!isNumber) return false;
            ticks += number * TicksPer(part.Groups["unit"].Value);
            if (ticks > Max.Ticks) return false;
        }

        duration = TimeSpan.FromTicks((long)(text[0] == '-' ? -ticks : ticks));
        return true;
    }

    /// <summary>As Dapr prints it: <c>15m0s</c>, <c>1.5s</c>, <c>20ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        if (duration < TimeSpan.FromSeconds(1)) return $"{Number(duration.TotalMilliseconds)}ms";
        var hours = duration.Ticks / TimeSpan.TicksPerHour;
        var minutes = hours > 0 || duration.Minutes > 0 ? $"{duration.Minutes}m" : "";
        var seconds = duration.Ticks % TimeSpan.TicksPerMinute / (double)TimeSpan.TicksPerSecond;
        return $"{(hours > 0 ? $"{hours}h" : "")}{minutes}{Number(seconds)}s";
    }

    static string Number(double value) => value.ToString("0.#######", CultureInfo.InvariantCulture);

    static decimal TicksPer(string unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        _ => TimeSpan.TicksPerHour,
    };

    [GeneratedRegex("^[+-]?(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|ms|s|m|h))+$")]
    private static partial Regex Pattern();

    [GeneratedRegex("(?<number>[0-9.]+)(?<unit>[a-zµ]+)")]
    private static partial Regex Part();
}
