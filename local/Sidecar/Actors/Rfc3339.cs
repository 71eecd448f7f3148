using System.Globalization;

namespace Ticketing.Sidecar.Actors;

/// <summary>Instants as Go reads and writes them (<c>time.RFC3339Nano</c>).</summary>
static class Rfc3339
{
    static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        // Go writes nanoseconds; the last two digits are finer than a tick.
        var fraction = text.IndexOf('.');
        var zone = fraction < 0 ? -1 : text.AsSpan(fraction + 1).IndexOfAnyExceptInRange('0', '9');
        if (zone > 7)
            text = string.Concat(text.AsSpan(0, fraction + 8), text.AsSpan(fraction + 1 + zone));
        // Without a zone it would be read as local time.
        var hasZone = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T');
        return DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant) && hasZone;
    }

    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
