namespace Ticketing.Tickets;

/// <summary>Every order that tickets are read in; a change costs O(log n) in each.</summary>
sealed class Shelves
{
    readonly SortedIndex newest = new(), cheapest = new(), soonest = new();

    /// <summary>By word. Locked tickets stay in it: a lock is frequent and short, a ticket's words are many.</summary>
    public SortedIndex Words { get; } = new();
    /// <summary>By seller, newest first, in any status.</summary>
    public SortedIndex Sellers { get; } = new();
    /// <summary>By the moment the lock ends.</summary>
    public SortedIndex Locks { get; } = new();

    /// <summary>The open tickets.</summary>
    public SortedIndex By(SortBy sort) => sort switch
    {
        SortBy.Price => cheapest,
        SortBy.Date => soonest,
        _ => newest,
    };

    public void Replace(Listing? before, Listing after)
    {
        var (was, now) = (If(TicketStatus.Open, before), If(TicketStatus.Open, after));
        foreach (var sort in Enum.GetValues<SortBy>())
            By(sort).Move(was?.By(sort), now?.By(sort));
        Sellers.Move(before?.OfSeller, after.OfSeller);
        Locks.Move(If(TicketStatus.Locked, before)?.OfLock, If(TicketStatus.Locked, after)?.OfLock);

        var (old, words) = (WordsOf(before), WordsOf(after));
        if (old.SequenceEqual(words))
            return;
        foreach (var word in old.Except(words))
            Words.Move(before!.OfWord(word), null);
        foreach (var word in words.Except(old))
            Words.Move(null, after.OfWord(word));
    }

    static Listing? If(TicketStatus status, Listing? listing) => listing?.Status == status ? listing : null;

    // Sold and withdrawn tickets are not searched for.
    static string[] WordsOf(Listing? listing) =>
        listing?.Status is TicketStatus.Open or TicketStatus.Locked ? listing.Words : [];
}
