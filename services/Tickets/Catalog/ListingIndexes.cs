namespace Ticketing.Tickets;

/// <summary>
/// Sorted indexes over the listings: by newest, price, date, word, seller, end of lock and beginning of the show. Adding
/// or removing a listing costs O(log n) in each.
/// </summary>
sealed class ListingIndexes(bool areSearched = true)
{
    readonly SortedKeys newest = new(), cheapest = new(), soonest = new();

    /// <summary>False if another engine is searched: then only sellers, locks and shows are indexed here.</summary>
    public bool AreSearched { get; } = areSearched;

    /// <summary>By word. Locked tickets stay: locks are frequent and short, and each ticket has many words.</summary>
    public SortedKeys Words { get; } = new();
    /// <summary>By seller, newest first, in any status.</summary>
    public SortedKeys Sellers { get; } = new();
    /// <summary>By the moment the lock ends.</summary>
    public SortedKeys Locks { get; } = new();
    /// <summary>The open and the locked tickets, by the moment the show begins.</summary>
    public SortedKeys Shows { get; } = new();

    /// <summary>The open tickets, in this order.</summary>
    public SortedKeys By(SortBy sort) => sort switch
    {
        SortBy.Price => cheapest,
        SortBy.Date => soonest,
        _ => newest,
    };

    public void Replace(Listing? before, Listing after)
    {
        Sellers.Move(before?.OfSeller, after.OfSeller);
        Locks.Move(If(TicketStatus.Locked, before)?.OfLock, If(TicketStatus.Locked, after)?.OfLock);
        Shows.Move(before?.OfShow, after.OfShow);
        if (!AreSearched)
            return;
        var (was, now) = (before is { IsOpen: true } ? before : null, after.IsOpen ? after : null);
        foreach (var sort in Enum.GetValues<SortBy>())
            By(sort).Move(was?.By(sort), now?.By(sort));
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
    static string[] WordsOf(Listing? listing) => listing is { IsOnSale: true } ? listing.Words : [];
}
