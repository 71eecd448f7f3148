using System.Buffers;

namespace Ticketing.Sidecar.Resources;

/// <summary>Durations as Go writes them: <c>1h2m3.5s</c>, <c>250ms</c>, <c>-2s</c>, <c>0</c>.</summary>
public static class GoDuration
{
    static readonly SearchValues<char> NumberStart = SearchValues.Create("0123456789.");

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var negative = text is ['-', ..];
        if (text is ['-' or '+', ..]) text = text[1..];
        if (text is "0") return true;
        if (text.IsEmpty) return false;

        var ticks = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9') is var end && end < 0 ? text.Length : end;
            if (digits < text.Length && text[digits] == '.')
            {
                var fraction = text[(digits + 1)..].IndexOfAnyExceptInRange('0', '9');
                digits = fraction < 0 ? text.Length : digits + 1 + fraction;
            }

            if (!decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var amount))
                return false;
            text = text[digits..];
            var unit = text.IndexOfAny(NumberStart) is var next && next < 0 ? text : text[..next];
            if (TicksPer(unit) is not { } ticksPer) return false;
            ticks += amount * ticksPer;
            if (ticks > long.MaxValue) return false;
            text = text[unit.Length..];
        }

        duration = TimeSpan.FromTicks((long)(negative ? -ticks : ticks));
        return true;
    }

    /// <summary>As Go prints it: <c>15m0s</c>, <c>1.5s</c>, <c>20ms</c>, <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var (sign, size) = (duration < TimeSpan.Zero ? "-" : "", duration.Duration());
        if (size < TimeSpan.FromMicroseconds(1)) return $"{sign}{Number(size.Ticks * 100m)}ns";
        if (size < TimeSpan.FromMilliseconds(1))
            return $"{sign}{Number(size.Ticks / (decimal)TimeSpan.TicksPerMicrosecond)}µs";
        if (size < TimeSpan.FromSeconds(1))
            return $"{sign}{Number(size.Ticks / (decimal)TimeSpan.TicksPerMillisecond)}ms";
        var hours = size.Ticks / TimeSpan.TicksPerHour;
        var minutes = hours > 0 || size.Minutes > 0 ? $"{size.Minutes}m" : "";
        return $"{sign}{(hours > 0 ? $"{hours}h" : "")}{minutes}{Number(size.Ticks % TimeSpan.TicksPerMinute / (decimal)TimeSpan.TicksPerSecond)}s";
    }

    static string Number(decimal value) => value.ToString("0.#######", CultureInfo.InvariantCulture);

    static decimal? TicksPer(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 0.01m,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => null,
    };
}
