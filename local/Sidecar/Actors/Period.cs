using System.Text.RegularExpressions;

namespace Ticketing.Sidecar.Actors;

/// <summary>The time from one fire of a timer or reminder to the next: <c>0h0m5s0ms</c> or <c>PT5S</c>, optionally with
/// a number of fires (<c>R5/PT10S</c>).</summary>
/// <param name="Repeats">Fires in all; -1 is "for ever".</param>
readonly partial record struct Period(TimeSpan Time, int Repeats)
{
    public const int Unlimited = -1;

    public static bool TryParse(string text, out Period period)
    {
        period = new Period(TimeSpan.Zero, Unlimited);
        if (DaprDuration.TryParse(text, out var time))
        {
            period = period with { Time = time };
            return true;
        }

        if (text.Length == 0 || Iso8601().Match(text) is not { Success: true } match) return false;
        time = new TimeSpan(Number("hours"), Number("minutes"), Number("seconds"));
        period = new Period(time, match.Groups["repeats"].Success ? Number("repeats") : Unlimited);
        return true;

        int Number(string group) => match.Groups[group] is { Success: true } found
            ? int.Parse(found.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>An instant (RFC 3339) or a duration counted from <paramref name="from"/>; null when it is
    /// neither.</summary>
    public static DateTimeOffset? Instant(string text, DateTimeOffset from)
    {
        if (TryParse(text, out var period)) return period.Repeats == Unlimited ? After(from, period.Time) : null;
        return Rfc3339.TryParse(text, out var instant) ? instant : null;
    }

    /// <summary>Null if the result is outside the range of DateTimeOffset.</summary>
    public static DateTimeOffset? After(DateTimeOffset at, TimeSpan span) =>
        DateTimeOffset.MaxValue - at < span ? null : at + span;

    [GeneratedRegex("^(R(?<repeats>-?[0-9]{1,6})(/|$))?"
        + "(PT(?=[0-9])((?<hours>[0-9]{1,6})H)?((?<minutes>[0-9]{1,6})M)?((?<seconds>[0-9]{1,6})S)?)?$")]
    private static partial Regex Iso8601();
}
