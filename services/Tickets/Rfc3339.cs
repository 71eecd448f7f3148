using System.Globalization;

namespace Ticketing.Tickets;

/// <summary>A moment as people write it into a request.</summary>
static class Rfc3339
{
    public const string Rule = "An RFC 3339 time with its offset, from 2000 to 2099.";

    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <returns>Null: there is none, or it is not by <see cref="Rule"/>.</returns>
    // The time zone must be said: a time without one would be read in the server's.
    public static DateTimeOffset? Parse(string? text) =>
        text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _]
        && DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
        && time >= Earliest && time < Latest ? time : null;
}
