using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ticketing.Web;

/// <summary>Days as the reader of a page counts them.</summary>
static partial class UserTimeZone
{
    const int LengthMax = 64;

    /// <summary>Such as <c>Europe/Berlin</c>, <c>America/Argentina/Ushuaia</c>, <c>Etc/GMT+5</c>: a name, never a path.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }

    /// <param name="text">What a browser calls its zone, by the names of IANA.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = null;
        return text is { Length: <= LengthMax } && Name.IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out zone);
    }

    /// <summary>The first moment of a day.</summary>
    public static DateTimeOffset StartOfDay(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks go forward at midnight there is none: the day begins when the hour before would have ended.
        var offset = zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddHours(-1))
            // Where they go back after midnight there are two: the day begins with the first.
            : zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, TimeSpan.Zero) - offset;
    }
}
