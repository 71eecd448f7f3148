using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Tickets;

/// <summary>Parses the times in requests.</summary>
static partial class Rfc3339
{
    public const string Rule = "An RFC 3339 time with its offset, from 2000 to 2099.";

    static readonly DateTime Earliest = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly DateTime Latest = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    // A fraction may have any length; digits beyond a tick of 100 ns are ignored. Seconds are optional: RFC 3339 does
    // not allow that, but browsers' forms leave them out. The offset is required: without it a time would be read in
    // the server's time zone.
    [GeneratedRegex("""
        \A(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<minute>[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})(\.(?<fraction>[0-9]{1,7})[0-9]*)?)?
        ([Zz]|(?<sign>[+-])(?<ahead>[0-9]{2}:[0-9]{2}))\z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Form { get; }

    /// <returns>Null if the text is null or breaks <see cref="Rule"/>.</returns>
    public static DateTimeOffset? Parse(string? text)
    {
        var form = Form.Match(text ?? "");
        if (!form.Success
            || !Read($"{form.Groups["day"]} {form.Groups["minute"]}", "yyyy-MM-dd HH:mm", out var minute)
            || !Read(form.Groups["ahead"] is { Success: true } said ? said.Value : "00:00", "HH:mm", out var ahead)
            || minute.Year is < 1999 or > 2100)
            return null;
        var second = Number(form.Groups["second"].Value.PadLeft(1, '0'));
        var fraction = Number(form.Groups["fraction"].Value.PadRight(7, '0'));
        var utc = form.Groups["sign"].Value == "-" ? minute + ahead.TimeOfDay : minute - ahead.TimeOfDay;
        if (second > 60 || (second == 60 && !EndsInLeapSecond(utc)))
            return null;
        var time = utc.AddSeconds(second).AddTicks(fraction);
        return time >= Earliest && time < Latest ? new(time) : null;
    }

    // A leap second is the last second of a month in UTC. .NET has no leap seconds: it becomes the next month's first.
    static bool EndsInLeapSecond(DateTime minute) => minute.AddMinutes(1) is { Day: 1, Hour: 0, Minute: 0 };

    static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    static bool Read(string text, string format, out DateTime time) => DateTime.TryParseExact(
        text, format, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
