using System.Security.Cryptography;
using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A listing as its seller sent it, unchecked.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Currency">ISO 4217 in lower case.</param>
/// <param name="StartsAt">RFC 3339, with its offset.</param>
public sealed record TicketRequest(
    string? Title, long? Price, string? Currency = null, string? Venue = null, string? StartsAt = null,
    string? Seat = null)
{
    public const int TextMax = 200;
    public const long PriceMax = 1_000_000_000;

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
        if (Price is not (>= 1 and <= PriceMax))
            mistakes["price"] = [$"A whole number of minor units from 1 to {PriceMax}."];
        if (Currency is not null && !Currencies.IsKnown(Currency))
            mistakes["currency"] = ["An ISO 4217 code in lower case, such as usd."];
        if (StartsAt is not null && Rfc3339.Parse(StartsAt) is null)
            mistakes["startsAt"] = [Rfc3339.Rule];
        return mistakes;
    }

    /// <param name="currency">Used if the request names none.</param>
    public Terms ToTerms(string currency) => new(FreeText.Read(Title)!, FreeText.Read(Venue), Rfc3339.Parse(StartsAt),
        FreeText.Read(Seat), new(Price!.Value, Currency ?? currency));

    /// <summary>
    /// Equal for requests that list the same, whatever their JSON's order of members and white space.
    /// </summary>
    public string Digest()
    {
        var terms = ToTerms(Terms.CurrencyDefault);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(terms, TicketsJson.Default.Terms);
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
