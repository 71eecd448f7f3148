using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ticketing.Web;

/// <summary>The time zone of the browser, in which a day of the search begins.</summary>
static partial class UserTimeZone
{
    const int LengthMax = 64;

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
