using System.Security.Cryptography;
using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A listing as its seller sent it, unchecked.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Currency">ISO 4217 in lower case.</param>
/// <param name="StartsAt">RFC 3339, with its offset.</param>
/// <param name="TimeZone">The IANA name of the show's time zone.</param>
public sealed record TicketRequest(
    string? Title, long? Price, string? Currency = null, string? Venue = null, string? StartsAt = null,
    string? Seat = null, string? TimeZone = null)
{
    public const int TextMax = 200;

    /// <summary>Mistakes by JSON name; none: <see cref="ToTerms"/> may be called.</summary>
    public Dictionary<string, string[]> Mistakes()
    {
        var mistakes = new Dictionary<string, string[]>();
        foreach (var (name, text) in new[] { ("title", Title), ("venue", Venue), ("seat", Seat) })
        {
            if (FreeText.Mistake(text, TextMax) is { } mistake)
                mistakes[name] = [mistake];
        }
        if (!mistakes.ContainsKey("title") && FreeText.Read(Title) is null)
            mistakes["title"] = ["A ticket needs a title that can be seen."];
        if (Price is not >= 1)
            mistakes["price"] = ["A whole number of minor units, 1 or more."];
        if (Currency is not null && !Currencies.IsKnown(Currency))
            mistakes["currency"] = ["An ISO 4217 code in lower case, such as usd."];
        if (StartsAt is not null && Rfc3339.Parse(StartsAt) is null)
            mistakes["startsAt"] = [Rfc3339.Rule];
        if (TimeZone is not null && !TimeZones.TryFind(TimeZone, out _))
            mistakes["timeZone"] = ["The IANA name of a time zone, such as Europe/London."];
        return mistakes;
    }

    /// <summary>
    /// Why nobody could pay this price, by JSON name. A request with <see cref="Mistakes"/> may be asked too.
    /// </summary>
    /// <param name="own">The ticket's currency; null if it is listed now.</param>
    public Dictionary<string, string[]> WhyNotPayable(ListingOptions options, string? own)
    {
        var code = Currency ?? own ?? options.CurrencyDefault;
        // A ticket that was listed while its currency was accepted may keep it.
        if (code != own && options.Currencies.All(accepted => accepted.Code != code))
            return new() { ["currency"] = [options.WhyNotAccepted(code)] };
        return Currencies.Find(code)?.WhyNeverPaid(Price ?? 0) is { } why ? new() { ["price"] = [why] } : [];
    }

    /// <summary>Why a ticket for a show at this time is not sold, by JSON name.</summary>
    public Dictionary<string, string[]> WhyBegun(DateTimeOffset now) => Rfc3339.Parse(StartsAt) <= now
        ? new() { ["startsAt"] = ["The show has begun by then: tickets are sold until it begins."] }
        : [];

    /// <param name="currency">Used if the request names none.</param>
    public Terms ToTerms(string currency) => new(FreeText.Read(Title)!, FreeText.Read(Venue), Rfc3339.Parse(StartsAt),
        FreeText.Read(Seat), new(Price!.Value, Currency ?? currency), TimeZone);

    /// <summary>
    /// Equal for requests that list the same, whatever their JSON's order of members and white space.
    /// </summary>
    public string Digest(string currency)
    {
        var terms = ToTerms(currency);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(terms, TicketsJson.Default.Terms);
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
