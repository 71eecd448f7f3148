using System.Globalization;
using Ticketing.Contracts;
using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>The form as the seller filled it in; with errors it is shown again unchanged.</summary>
/// <param name="Key">The idempotency key: a double click or a reload does not create a second listing.</param>
/// <param name="Style">How the price is written: as on the page that the seller saw.</param>
/// <param name="TimeZone">Where the show is, an IANA name.</param>
/// <param name="Offset">Minutes ahead of UTC: which of two times, if clocks show the time twice.</param>
public sealed record SellForm(
    string? Title, string? Price, string Currency, string? Venue, string? StartsAt, string? Seat, string Key,
    NumberStyle Style, string TimeZone = SellForm.Utc, string? Offset = null)
{
    /// <summary>Of a form that nobody has filled in; the page's script puts the browser's zone in its place.</summary>
    public const string Utc = "UTC";

    /// <summary>The page shows the form for the first time.</summary>
    public bool IsNew { get; init; }

    public static SellForm Of(PostedForm sent, NumberStyle byDefault)
    {
        var form = new SellForm(
            sent["title"], sent["price"], sent["currency"] is { Length: > 0 } currency ? currency : "usd",
            sent["venue"], sent["startsAt"], sent["seat"], sent["once"],
            sent["lang"] is { Length: > 0 } language ? NumberStyle.Of(language) : byDefault,
            sent["timeZone"].Trim() is { Length: > 0 } zone ? zone : Utc, sent["offset"]);
        // A page of an older build sends the offset of the seller's own zone, and no name.
        return !sent.Has("timeZone") && form is { Minutes: { } minutes } && form.ReadStart() is { At: { } at }
            ? form with { StartsAt = TypedTime.ForInput(at.AddMinutes(-minutes), TimeZoneInfo.Utc) } : form;
    }

    public static SellForm Of(TicketDto ticket, NumberStyle style)
    {
        var zone = TimeZones.OrUtc(ticket.TimeZone);
        return new(
            ticket.Title, style.InputAmount(ticket.Price, ticket.Currency), ticket.Currency, ticket.Venue,
            ticket.StartsAt is { } at ? TypedTime.ForInput(at, zone) : null, ticket.Seat, "", style,
            ticket.TimeZone ?? Utc,
            ticket.StartsAt is { } start
                ? zone.GetUtcOffset(start).TotalMinutes.ToString(CultureInfo.InvariantCulture) : null)
        {
            IsNew = ticket.StartsAt is null && ticket.TimeZone is null,
        };
    }

    /// <summary>The price that was typed; null if the currency is unknown.</summary>
    public TypedPrice? ReadPrice() =>
        Currencies.Find(Currency) is { } currency ? TypedPrice.Read(Price, currency, Style) : null;

    /// <summary>The time that was typed; null if the time zone is unknown.</summary>
    public TypedTime? ReadStart() =>
        TimeZones.TryParse(TimeZone, out var zone) ? TypedTime.Read(StartsAt, zone, Minutes) : null;

    /// <summary>The request to the tickets service; what cannot be parsed is in <paramref name="errors"/>.</summary>
    public ListingRequest ToListing(Dictionary<string, string> errors)
    {
        var price = ReadPrice();
        if (price is null)
            errors["currency"] = "Choose one of the currencies";
        else if (price.Mistake is { } mistake)
            errors["price"] = mistake;
        var start = ReadStart();
        if (start is null)
            errors["timeZone"] = "Choose the time zone of the show, such as Europe/Berlin";
        else if (start.Mistake is { } unclear)
            errors["startsAt"] = unclear;
        // UTC has no name in a ticket, and without a date there is nothing to show in a zone.
        var zone = start?.At is null || TimeZone is Utc or "Etc/UTC" ? null : TimeZone;
        return new(Title?.Trim(), price?.Minor ?? 0, Currency, TrimmedOrNull(Venue), start?.At, TrimmedOrNull(Seat),
            zone);
    }

    // Time zones are between UTC-12 and UTC+14.
    int? Minutes =>
        int.TryParse(Offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
        && minutes is >= -12 * 60 and <= 14 * 60 ? minutes : null;

    static string? TrimmedOrNull(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
