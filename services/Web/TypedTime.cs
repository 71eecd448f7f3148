using System.Globalization;

namespace Ticketing.Web;

/// <summary>
/// A day and time as a person typed it, on the clocks of a place. A time that these clocks skip or show twice, because
/// they are put forward or back, is asked back: it is never taken for another hour.
/// </summary>
/// <param name="At">Null if nothing was typed, or it cannot be read.</param>
/// <param name="Mistake">A sentence for the form; null if there is none.</param>
/// <param name="Choices">The offsets from UTC of a time that comes twice, the earlier one first; else empty.</param>
public sealed record TypedTime(DateTimeOffset? At, string? Mistake, IReadOnlyList<TimeSpan> Choices)
{
    const string MinuteFormat = "yyyy-MM-dd'T'HH:mm";
    const int YearMin = 1900, YearMax = 2999;

    // What date fields send, or people type in browsers without them. In other formats day and month are ambiguous.
    static readonly string[] Formats =
        [MinuteFormat, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
    static readonly string[] FormatsWithOffset = [.. Formats.Select(format => format + "K")];

    /// <param name="choice">Minutes ahead of UTC: which of two, for a time that comes twice.</param>
    public static TypedTime Read(string? typed, TimeZoneInfo zone, int? choice)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length == 0)
            return new(null, null, []);
        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
            return DateTimeOffset.TryParseExact(text, FormatsWithOffset, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var exact) && IsCounted(exact.Year)
                ? new(exact.ToUniversalTime(), null, [])
                : Wrong("Enter a day and a time, such as 2026-12-31T20:00");
        // Near the limits of DateTimeOffset, applying an offset would throw.
        if (!IsCounted(clock.Year))
            return Wrong("Enter a day and a time, such as 2026-12-31T20:00");
        if (zone.IsInvalidTime(clock))
            return Wrong($"There is no {clock:HH:mm} on that day in {zone.Id}: clocks are put forward. "
                + "Look at the time on the ticket again");
        var offsets = zone.IsAmbiguousTime(clock)
            ? zone.GetAmbiguousTimeOffsets(clock).OrderDescending().ToList() : [];
        if (offsets.Count == 0)
            return new(Instant(clock, zone.GetUtcOffset(clock)), null, []);
        foreach (var offset in offsets.Where(offset => offset.TotalMinutes == choice))
            return new(Instant(clock, offset), null, offsets);
        return new(null, $"{clock:HH:mm} comes twice on that day in {zone.Id}, because clocks are put back: "
            + "choose which one", offsets);
    }

    /// <summary>As a date field shows it: <c>2031-07-01T08:00</c>.</summary>
    public static string ForInput(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString(MinuteFormat, CultureInfo.InvariantCulture);

    static bool IsCounted(int year) => year is >= YearMin and <= YearMax;

    static DateTimeOffset Instant(DateTime clock, TimeSpan offset) => new(clock - offset, TimeSpan.Zero);

    static TypedTime Wrong(string mistake) => new(null, mistake, []);
}
