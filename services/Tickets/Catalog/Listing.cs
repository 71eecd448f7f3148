using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What people may sort by.</summary>
public enum SortBy { Newest, Price, Date }

/// <summary>A ticket in the catalog, with the words it is found by.</summary>
sealed record Listing(TicketSnapshot Ticket, string[] Words)
{
    /// <summary>Where those stand, by date, that do not say when they start: behind all others.</summary>
    public const long Undated = long.MaxValue;

    public static Listing Of(TicketSnapshot ticket, Shelves shelves) =>
        new(ticket, [.. SearchWords.Of(ticket).Select(shelves.Words.Shared)]);

    public TicketStatus Status { get; } = Ticket.Status();

    public IndexKey By(SortBy sort) => new("", sort switch
    {
        SortBy.Price => Ticket.Price.Amount,
        SortBy.Date => Ticket.StartsAt?.UtcTicks ?? Undated,
        _ => -Ticket.ListedAt.UtcTicks,
    }, Ticket.Id);

    public IndexKey OfSeller => By(SortBy.Newest) with { Group = Ticket.Seller.Value };
    public IndexKey OfLock => new("", Ticket.Lock!.Until.UtcTicks, Ticket.Id);
    public IndexKey OfWord(string word) => new(word, 0, Ticket.Id);

    public bool Matches(CatalogQuery query)
    {
        if (Status != TicketStatus.Open || Ticket.Price.Amount > query.MaxPrice)
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

    // Plain loops: a search asks this of thousands of tickets, and a closure for each would cost more than the answer.
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
