using Ticketing.Orders;
using Ticketing.Tickets;

namespace Ticketing.Simulation;

/// <summary>What a buyer saw of a ticket, and what of it the order names.</summary>
sealed record Glimpse(Terms Terms, SeenTerms Said)
{
    public static Glimpse? Of(Ticket? ticket, Random random) => ticket is null ? null : random.Next(4) switch
    {
        0 => null,
        1 => new(ticket.Terms, new(Price: ticket.Terms.Price.Amount)),
        2 => new(ticket.Terms, new(Price: ticket.Terms.Price.Amount, Currency: ticket.Terms.Price.Currency)),
        _ => new(ticket.Terms, new(ticket.TermsVersion)),
    };

    /// <summary>True if the buyer of this order has seen its terms, as far as the buyer said what was seen.</summary>
    public bool Agrees(Order order) => order.Price == Terms.Price && (Said.Version is null || TermsOf(order) == Terms);

    public static Terms TermsOf(Order order) =>
        new(order.Title, order.Venue, order.StartsAt, order.Seat, order.Price, order.TimeZone);
}
