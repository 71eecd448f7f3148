using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A ticket as one viewer may see it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="OrderId">Who buys is nobody's business but the seller's and the buyer's.</param>
public sealed record TicketView(
    TicketId Id, string Title, string? Venue, DateTimeOffset? StartsAt, string? Seat, long Price, string Currency,
    UserId SellerId, TicketStatus Status, DateTimeOffset? LockedUntil, OrderId? OrderId, long Version)
{
    public static TicketView Of(TicketSnapshot ticket, User? viewer)
    {
        var status = ticket.Status();
        var isHeld = status is TicketStatus.Locked or TicketStatus.Sold;
        var isTheirs = viewer is not null && (viewer.Id == ticket.Seller || viewer.Id == ticket.Lock?.Buyer);
        return new(ticket.Id, ticket.Title, ticket.Venue, ticket.StartsAt, ticket.Seat, ticket.Price.Amount,
            ticket.Price.Currency, ticket.Seller, status, status == TicketStatus.Locked ? ticket.Lock!.Until : null,
            isHeld && isTheirs ? ticket.Lock!.OrderId : null, ticket.Version);
    }
}
