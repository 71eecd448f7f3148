using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ticketing.Web;

/// <summary>Time zones by their IANA name: of browsers, and of the places where shows are.</summary>
static class TimeZones
{
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <inheritdoc cref="Contracts.TimeZones.TryFind"/>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TimeZoneInfo? zone) =>
        Contracts.TimeZones.TryFind(text, out zone);

    /// <returns>UTC if there is no such zone.</returns>
    public static TimeZoneInfo OrUtc(string? text) => TryParse(text, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>On the clocks of a place: <c>Tue 1 Jul 2031, 08:00 GMT+9</c>.</summary>
    public static string InWords(DateTimeOffset at, TimeZoneInfo zone)
    {
        var there = TimeZoneInfo.ConvertTime(at, zone);
        return $"{there.ToString("ddd d MMM yyyy, HH:mm", English)} {OffsetName(zone, there.Offset)}";
    }

    /// <summary><c>GMT+5:30</c>, as browsers write it; UTC has no other name.</summary>
    public static string OffsetName(TimeZoneInfo zone, TimeSpan offset) =>
        zone.Equals(TimeZoneInfo.Utc) ? "UTC"
        : offset == TimeSpan.Zero ? "GMT"
        : $"GMT{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration().Hours}"
            + (offset.Minutes == 0 ? "" : $":{offset.Duration().Minutes:00}");

    /// <summary>The first instant of a day.</summary>
    public static DateTimeOffset StartOfDay(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Clocks go forward at midnight, so there is none: the day begins when the hour before ends.
        var offset = zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddHours(-1))
            // Clocks go back to midnight, so there are two: the day begins with the first.
            : zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, TimeSpan.Zero) - offset;
    }
}
