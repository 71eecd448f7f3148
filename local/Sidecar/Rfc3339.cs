namespace Ticketing.Sidecar;

/// <summary>Instants as daprd reads and writes them.</summary>
static class Rfc3339
{
    static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        // Go writes nanoseconds; a tick is 100 ns, so the last two digits are dropped.
        var fraction = text.IndexOf('.');
        var zone = fraction < 0 ? -1 : text.AsSpan(fraction + 1).IndexOfAnyExceptInRange('0', '9');
        if (zone > 7)
            text = string.Concat(text.AsSpan(0, fraction + 8), text.AsSpan(fraction + 1 + zone));
        // Without a zone it would be read as local time.
        var hasZone = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T');
        return DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && hasZone;
    }

    /// <summary>In UTC, with as many digits as there are.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whole seconds in the instant's own time zone.</summary>
    public static string FormatSeconds(DateTimeOffset instant) => instant.ToString(
        instant.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz",
        CultureInfo.InvariantCulture);
}
