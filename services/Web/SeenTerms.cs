using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>
/// The terms that a buyer saw, sent along with the purchase: if they have changed since, the page tells what was and
/// what is. Only texts are made of them; what is bought is decided by the number of the terms.
/// </summary>
public sealed record SeenTerms(
    string Title, long Price, string Currency, string? Venue = null, DateTimeOffset? StartsAt = null,
    string? Seat = null, string? TimeZone = null)
{
    const int LengthMax = 10_000;

    static SeenTerms Of(TicketDto ticket) => new(
        ticket.Title, ticket.Price, ticket.Currency, ticket.Venue, ticket.StartsAt, ticket.Seat, ticket.TimeZone);

    /// <summary>The value of the form's field.</summary>
    public static string Write(TicketDto ticket) => JsonSerializer.Serialize(Of(ticket), ApiJson.Default.SeenTerms);

    /// <returns>Null if the field is missing or was not written by a page.</returns>
    public static SeenTerms? Read(string field)
    {
        if (field.Length is 0 or > LengthMax)
            return null;
        try
        {
            var seen = JsonSerializer.Deserialize(field, ApiJson.Default.SeenTerms);
            return seen is { Title: not null, Currency: not null } && Currencies.IsKnown(seen.Currency) ? seen : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)   // the latter: no valid UTF-16
        {
            return null;
        }
    }

    /// <summary>What differs, as a buyer reads it.</summary>
    public TermChange[] ChangesTo(TicketDto ticket, ReaderLanguage language)
    {
        var now = Of(ticket);
        return
        [
            .. new TermChange[]
            {
                new("price", language.Money(Price, Currency), language.Money(now.Price, now.Currency)),
                new("title", Title, now.Title),
                new("date", Start, now.Start),
                new("venue", Venue ?? "", now.Venue ?? ""),
                new("seat", Seat ?? "", now.Seat ?? ""),
            }.Where(change => change.Was != change.Now),
        ];
    }

    string Start => StartsAt is { } at ? TimeZones.InWords(at, TimeZones.OrUtc(TimeZone)) : "";
}

/// <summary>One of the terms that changed; "" if it was or is not given.</summary>
public sealed record TermChange(string Name, string Was, string Now)
{
    /// <summary>The price has changed; The price and the seat have changed.</summary>
    public static string Sentence(TermChange[] changes) => changes switch
    {
        [] => "The ticket has changed",
        [var only] => $"The {only.Name} has changed",
        [.. var first, var last] =>
            $"The {string.Join(", the ", first.Select(change => change.Name))} and the {last.Name} have changed",
    };
}
