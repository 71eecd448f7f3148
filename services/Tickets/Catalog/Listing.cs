using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What people may sort by.</summary>
public enum SortBy { Newest, Price, Date }

/// <summary>A ticket in the catalog, with the words it is found by.</summary>
sealed record Listing(TicketSnapshot Ticket, string[] Words)
{
    public static Listing Of(TicketSnapshot ticket) => new(ticket, Tickets.Words.Of(ticket));

    public TicketStatus Status { get; } = Ticket.Status();

    /// <summary>Sold and withdrawn tickets are not searched for; a locked one may be open again in a moment.</summary>
    public bool IsSearched => Status is TicketStatus.Open or TicketStatus.Locked;

    public Place By(SortBy sort) => new("", sort switch
    {
        SortBy.Price => Ticket.Price.Amount,
        SortBy.Date => Ticket.StartsAt?.UtcTicks ?? long.MaxValue,
        _ => -Ticket.ListedAt.UtcTicks,
    }, Ticket.Id);

    public Place OfSeller => By(SortBy.Newest) with { Group = Ticket.Seller.Value };
    public Place OfLock => new("", Ticket.Lock!.Until.UtcTicks, Ticket.Id);
    public IEnumerable<Place> OfWords => Words.Select(word => new Place(word, 0, Ticket.Id));

    public bool Matches(CatalogQuery query) =>
        Status == TicketStatus.Open
        && (query.MaxPrice is not { } max || Ticket.Price.Amount <= max)
        && query.Words.All(prefix => Words.Any(word => word.StartsWith(prefix, StringComparison.Ordinal)));
}
