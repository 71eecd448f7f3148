using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What people may sort by.</summary>
public enum SortBy { Newest, Price, Date }

/// <summary>A ticket in the catalog, with its search words.</summary>
sealed record Listing(TicketSnapshot Ticket, string[] Words)
{
    /// <summary>Rank by date of a ticket without a start: after all others.</summary>
    public const long Undated = long.MaxValue;

    public static Listing Of(TicketSnapshot ticket, ListingIndexes indexes) =>
        new(ticket, indexes.AreSearched ? [.. SearchWords.Of(ticket).Select(indexes.Words.Shared)] : []);

    public TicketStatus Status { get; } = Ticket.Status();

    /// <summary>
    /// The catalog has found that the show has begun, a moment after it did: what searches is gone from the indexes.
    /// </summary>
    public bool HasBegun { get; init; }

    public bool IsOpen => Status == TicketStatus.Open && !HasBegun;
    public bool IsOnSale => Status is TicketStatus.Open or TicketStatus.Locked && !HasBegun;

    // Prices in different currencies cannot be compared: those of each are a group of their own.
    public SortKey By(SortBy sort) =>
        new(sort == SortBy.Price ? Ticket.Price.Currency : "", RankOf(Ticket, sort), Ticket.Id);

    public static long RankOf(TicketSnapshot ticket, SortBy sort) => sort switch
    {
        SortBy.Price => ticket.Price.Amount,
        SortBy.Date => ticket.StartsAt?.UtcTicks ?? Undated,
        _ => -ticket.ListedAt.UtcTicks,
    };

    public SortKey OfSeller => By(SortBy.Newest) with { Group = Ticket.Seller.Value };
    public SortKey OfLock => new("", Ticket.Lock!.Until.UtcTicks, Ticket.Id);
    public SortKey? OfShow => IsOnSale && Ticket.StartsAt is { } start ? new("", start.UtcTicks, Ticket.Id) : null;
    public SortKey OfWord(string word) => new(word, 0, Ticket.Id);

    public bool Matches(CatalogQuery query)
    {
        if (!IsOpen || Ticket.HasBegun(query.Now) || Ticket.Price.Amount > query.MaxPrice)
            return false;
        if (query.Currency is not null && query.Currency != Ticket.Price.Currency)
            return false;
        if (query.NotBefore is { } moment && !(Ticket.StartsAt >= moment))
            return false;
        foreach (var word in query.Words)
        {
            if (!HasWord(word.Whole) && !HasAll(word.Parts))
                return false;
        }
        return true;
    }

    bool HasAll(ImmutableArray<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (!HasWord(prefix))
                return false;
        }
        return true;
    }

    // Plain loops: a search calls this for thousands of tickets, and a closure for each would cost more than the check.
    bool HasWord(string prefix)
    {
        foreach (var word in Words)
        {
            if (word.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
