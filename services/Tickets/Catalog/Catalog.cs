using System.Collections.Concurrent;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Every ticket this instance knows of, sorted for those who browse. It is fed by this instance's own writes, by the
/// events of the others, and by looking at the store now and then; the newest version it has seen counts.
/// </summary>
public sealed class Catalog
{
    readonly Lock gate = new();
    readonly ConcurrentDictionary<TicketId, Listing> listings = new();
    readonly Shelves shelves = new();
    readonly Dictionary<UserId, int> onSale = [];
    volatile bool isComplete;

    /// <summary>A newer version, with the one known before; called in their order, while nobody else writes.</summary>
    public event Action<TicketSnapshot?, TicketSnapshot>? Changed;

    public int Count => listings.Count;

    /// <summary>True once everything listed before this instance started is in it.</summary>
    public bool IsComplete => isComplete;
    public void Complete() => isComplete = true;

    public bool Knows(TicketId id) => listings.ContainsKey(id);

    /// <summary>
    /// Tickets a seller has open or locked, as far as this instance knows: what another one has just listed may be
    /// missing, and until everything is read the count is too low.
    /// </summary>
    public int OnSale(UserId seller)
    {
        lock (gate)
            return onSale.GetValueOrDefault(seller);
    }

    /// <summary>What this instance has just saved is in the lists before anybody hears that it is saved.</summary>
    public void See(Ticket ticket)
    {
        if (ticket.Version > 0)
            Apply(ticket.Snapshot());
    }

    /// <returns>False if it is not newer than what is known.</returns>
    public bool Apply(TicketSnapshot ticket)
    {
        lock (gate)
        {
            var before = listings.GetValueOrDefault(ticket.Id);
            if (before is not null && before.Ticket.Version >= ticket.Version)
                return false;
            var after = Listing.Of(ticket, shelves);
            listings[ticket.Id] = after;
            shelves.Replace(before, after);
            Tally(ticket.Seller, IsOnSale(after) - IsOnSale(before));
            // Until it is complete, old news may look new.
            if (isComplete)
                Changed?.Invoke(before?.Ticket, ticket);
            return true;
        }
    }

    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Search(CatalogQuery query)
    {
        CheckComplete();
        var last = query.After is { } cursor ? new("", cursor.Rank, cursor.Id) : StartOf(query);
        var found = FewestOf(query) is { } few
            ? few.Index.Between(few.Start, few.End).DistinctBy(key => key.Id).Select(Find)
                .Where(listing => listing.Matches(query) && listing.By(query.Sort) > last)
                .OrderBy(listing => listing.By(query.Sort))
            : shelves.By(query.Sort).Between(last, EndOf(query))
                // One that has just moved is met, or was, where it stands now.
                .Where(key => Find(key).By(query.Sort) == key)
                .Select(Find).Where(listing => listing.Matches(query));
        return Page(found, query.Sort, query.Limit);
    }

    /// <summary>A seller's own, newest first, in any status.</summary>
    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Of(UserId seller, int limit, Cursor? after)
    {
        CheckComplete();
        var last = after is null ? IndexKey.Before(seller.Value) : new(seller.Value, after.Rank, after.Id);
        var theirs = shelves.Sellers.Between(last, IndexKey.Before(seller.Value + '\0'));
        return Page(theirs.Select(Find), SortBy.Newest, limit);
    }

    /// <summary>Tickets whose lock ended by this moment, the longest overdue first.</summary>
    public IReadOnlyList<TicketId> LockedUntil(DateTimeOffset moment) =>
        [.. shelves.Locks.Between(IndexKey.First, IndexKey.After(moment.UtcTicks)).Select(key => key.Id)];

    static int IsOnSale(Listing? listing) => listing is { Status: TicketStatus.Open or TicketStatus.Locked } ? 1 : 0;

    void Tally(UserId seller, int more)
    {
        if (more == 0)
            return;
        var count = onSale.GetValueOrDefault(seller) + more;
        if (count > 0)
            onSale[seller] = count;
        else
            onSale.Remove(seller);
    }

    void CheckComplete()
    {
        if (!isComplete)
            throw new TryAgainException("The catalog is still being read.");
    }

    Listing Find(IndexKey key) => listings[key.Id];

    readonly record struct Range(SortedIndex Index, IndexKey Start, IndexKey End)
    {
        public int Count { get; } = Index.CountBefore(End) - Index.CountBefore(Start);
    }

    // Either all that have the rarest thing asked for are looked at and sorted, or the sorted order is walked until the
    // page is full: whichever is likely to touch fewer tickets. Null: walk.
    Range? FewestOf(CatalogQuery query)
    {
        // Whatever has a word, or all its parts, has the first part: a whole begins with it.
        var ranges = query.Words.Select(word => word.Parts[0])
            .Select(part => new Range(shelves.Words, IndexKey.Before(part), IndexKey.AfterAll(part)));
        if (query.MaxPrice is { } max)
            ranges = ranges.Append(new(shelves.By(SortBy.Price), IndexKey.First, IndexKey.After(max)));
        if (query.NotBefore is { } moment)
            ranges = ranges.Append(new(shelves.By(SortBy.Date), IndexKey.At(moment.UtcTicks), IndexKey.At(Listing.Undated)));
        double all = Math.Max(1, shelves.By(query.Sort).Count), likely = all;
        Range? fewest = null;
        foreach (var range in ranges)
        {
            fewest = range.Count < (fewest?.Count ?? int.MaxValue) ? range : fewest;
            likely *= range.Count / all;
        }
        return fewest?.Count * likely < query.Limit * all ? fewest : null;
    }

    static IndexKey StartOf(CatalogQuery query) =>
        query is { Sort: SortBy.Date, NotBefore: { } moment } ? IndexKey.At(moment.UtcTicks) : IndexKey.First;

    static IndexKey EndOf(CatalogQuery query) => query switch
    {
        { Sort: SortBy.Price, MaxPrice: { } max } => IndexKey.After(max),
        { Sort: SortBy.Date, NotBefore: not null } => IndexKey.At(Listing.Undated),
        _ => IndexKey.Last,
    };

    static CatalogPage Page(IEnumerable<Listing> found, SortBy sort, int limit)
    {
        var listings = found.Take(limit + 1).ToList();
        if (listings.Count <= limit)
            return new([.. listings.Select(listing => listing.Ticket)], null);
        var last = listings[limit - 1].By(sort);
        return new([.. listings.Take(limit).Select(listing => listing.Ticket)], new(sort, last.Rank, last.Id));
    }
}
