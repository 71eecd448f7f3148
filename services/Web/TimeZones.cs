using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Web;

/// <summary>Time zones by their IANA name: of browsers, and of the places where shows are.</summary>
static partial class TimeZones
{
    const int LengthMax = 64;
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    /// <summary>As <c>America/Argentina/Ushuaia</c>, <c>Etc/GMT+5</c>. .NET opens a file of that name.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }

    /// <param name="text">An IANA name, as browsers report it.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return text is { Length: <= LengthMax } && Name.IsMatch(text)
            && TimeZoneInfo.TryFindSystemTimeZoneById(text, out zone);
    }

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
