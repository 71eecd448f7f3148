using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A ticket as one viewer may see it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="OrderId">Shown only to the seller and to the buyer.</param>
public sealed record TicketView(
    TicketId Id, string Title, long Price, string Currency, UserId SellerId, TicketStatus Status, long Version,
    string? Venue = null, DateTimeOffset? StartsAt = null, string? Seat = null, DateTimeOffset? LockedUntil = null,
    OrderId? OrderId = null)
{
    public static TicketView Of(TicketSnapshot ticket, User? viewer)
    {
        var status = ticket.Status();
        var isHeld = status is TicketStatus.Locked or TicketStatus.Sold;
        var isTheirs = viewer is not null && (viewer.Id == ticket.Seller || viewer.Id == ticket.Lock?.Buyer);
        return new(ticket.Id, ticket.Title, ticket.Price.Amount, ticket.Price.Currency, ticket.Seller, status,
            ticket.Version, ticket.Venue, ticket.StartsAt, ticket.Seat,
            LockedUntil: status == TicketStatus.Locked ? ticket.Lock!.Until : null,
            OrderId: isHeld && isTheirs ? ticket.Lock!.OrderId : null);
    }
}
