using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Ticketing.Tickets;

/// <summary>A listing as its seller writes it; nothing in it is trusted.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Currency">ISO 4217 in lower case.</param>
/// <param name="StartsAt">RFC 3339, with its offset.</param>
public sealed record TicketRequest(
    string? Title, long? Price, string? Currency = null, string? Venue = null, string? StartsAt = null,
    string? Seat = null)
{
    public const int TextMax = 200;
    public const long PriceMax = 1_000_000_000;
    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Mistakes by JSON name; none: <see cref="ToTerms"/> may be called.</summary>
    public Dictionary<string, string[]> Mistakes()
    {
        var mistakes = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Title))
            mistakes["title"] = ["A ticket needs a title."];
        foreach (var (name, text) in new[] { ("title", Title), ("venue", Venue), ("seat", Seat) })
        {
            if (text?.Trim().Length > TextMax)
                mistakes[name] = [$"At most {TextMax} characters."];
            else if (text?.Trim().Any(IsUnprintable) == true)
                mistakes[name] = ["No control characters."];
        }
        if (Price is not (>= 1 and <= PriceMax))
            mistakes["price"] = [$"A whole number of minor units from 1 to {PriceMax}."];
        if (Currency is not null && !Currencies.IsKnown(Currency))
            mistakes["currency"] = ["An ISO 4217 code in lower case, such as usd."];
        if (StartsAt is not null && !(Parse(StartsAt) is { } at && at >= Earliest && at < Latest))
            mistakes["startsAt"] = ["An RFC 3339 time with its offset, from 2000 to 2099."];
        return mistakes;
    }

    /// <param name="currency">The one to take if the request names none.</param>
    public Terms ToTerms(string currency) => new(Title!.Trim(), Text(Venue), Parse(StartsAt), Text(Seat),
        new(Price!.Value, Currency ?? currency));

    /// <summary>The same for the same listing, however its JSON was written.</summary>
    public string Digest()
    {
        var terms = ToTerms(Terms.CurrencyUnlessSaid);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(terms, TicketsJson.Default.Terms);
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }

    static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    // Direction overrides would let a title rewrite the page around it; joiners and marks are part of real scripts.
    static bool IsUnprintable(char c) => char.IsControl(c) || c is '\u2028' or '\u2029'
        or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    // The time zone must be said: a time without one would be read in the server's.
    static DateTimeOffset? Parse(string? text) =>
        text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _] && DateTimeOffset.TryParseExact(text, Rfc3339,
            CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
