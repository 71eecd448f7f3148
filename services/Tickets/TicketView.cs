using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A ticket as one viewer may see it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="TermsVersion">
/// Another one: the price, currency, title, seat, venue, date or time zone is another. An order may name it.
/// </param>
/// <param name="TimeZone">The IANA name of the show's time zone; absent if its seller did not say.</param>
/// <param name="OrderId">Shown only to the seller and to the buyer.</param>
public sealed record TicketView(
    TicketId Id, string Title, long Price, string Currency, UserId SellerId, TicketStatus Status, long Version,
    long TermsVersion, string? Venue = null, DateTimeOffset? StartsAt = null, string? Seat = null,
    string? TimeZone = null, DateTimeOffset? LockedUntil = null, OrderId? OrderId = null)
{
    public static TicketView Of(TicketSnapshot ticket, User? viewer)
    {
        var status = ticket.Status();
        var isHeld = status is TicketStatus.Locked or TicketStatus.Sold;
        var isTheirs = viewer is not null && (viewer.Id == ticket.Seller || viewer.Id == ticket.Lock?.Buyer);
        return new(ticket.Id, ticket.Title, ticket.Price.Amount, ticket.Price.Currency, ticket.Seller, status,
            ticket.Version, ticket.TermsVersion, ticket.Venue, ticket.StartsAt, ticket.Seat, ticket.TimeZone,
            LockedUntil: status == TicketStatus.Locked ? ticket.Lock!.Until : null,
            OrderId: isHeld && isTheirs ? ticket.Lock!.OrderId : null);
    }
}

/// <summary>The currencies in which a ticket may be listed; the first is used if a request names none.</summary>
public sealed record CurrencyList(IReadOnlyList<CurrencyView> Items)
{
    public static CurrencyList Of(IEnumerable<Currency> currencies) => new([.. currencies.Select(currency =>
        new CurrencyView(currency.Code, currency.Digits, currency.Min, currency.Max, currency.Step))]);
}

/// <param name="Digits">After the decimal point: a price is counted in the last of them.</param>
/// <param name="Min">The least price, in minor units.</param>
/// <param name="Max">The greatest price, in minor units.</param>
/// <param name="Step">A price is a multiple of it.</param>
public sealed record CurrencyView(string Code, int Digits, long Min, long Max, long Step);
