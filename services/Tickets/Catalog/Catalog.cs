using System.Collections.Concurrent;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// The tickets in memory, indexed for browsing; of those that ended a while ago only the version (sold, withdrawn, or
/// the show has begun). It is updated by this instance's own writes, by events of the other replicas, and by re-reading
/// the store (<see cref="CatalogLoader"/>). Of two versions of a ticket the newer counts.
/// </summary>
public sealed class Catalog(bool isSearched = true) : IProjection<Ticket>, ITicketSearch
{
    /// <summary>How long sold and withdrawn tickets are kept, and those whose show has begun.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromDays(1);
    /// <summary>Shows that end their sale under one lock: many begin at the same moment.</summary>
    const int BegunAtOnce = 2_000;

    readonly Lock gate = new();
    readonly EndedTickets ended = new();
    readonly ConcurrentDictionary<TicketId, Listing> listings = new();
    readonly ListingIndexes indexes = new(isSearched);
    readonly Dictionary<UserId, int> onSale = [];
    volatile bool isComplete;

    /// <summary>
    /// The version before (null: new ticket) and the newer one. Called in version order, under the lock.
    /// </summary>
    public event Action<TicketSnapshot?, TicketSnapshot>? Changed;

    /// <summary>Every version that the catalog takes over, also while it is being filled. Called under the lock.</summary>
    public event Action<TicketSnapshot>? Applied;

    public int Count => listings.Count;

    /// <summary>True once all tickets listed before this instance started have been read.</summary>
    public bool IsComplete => isComplete;
    public void Complete() => isComplete = true;

    public bool Contains(TicketId id)
    {
        lock (gate)
            return listings.ContainsKey(id) || ended.IsForgotten(id);
    }

    /// <summary>
    /// How many tickets of a seller are open or locked and their show has not begun. The count may be too low: a ticket
    /// that another replica has just listed may be missing, and before <see cref="IsComplete"/> not all are read.
    /// </summary>
    public int OnSale(UserId seller)
    {
        lock (gate)
            return onSale.GetValueOrDefault(seller);
    }

    /// <summary>
    /// Called for each save of this instance, before the caller is answered: its next search finds it.
    /// </summary>
    public void Apply(Ticket ticket)
    {
        if (ticket.Version > 0)
            Apply(ticket.Snapshot());
    }

    /// <returns>False if the catalog has this version already, or a newer one.</returns>
    public bool Apply(TicketSnapshot ticket)
    {
        lock (gate)
        {
            var before = listings.GetValueOrDefault(ticket.Id);
            if (before is not null && before.Ticket.Version >= ticket.Version
                || ended.TryGetForgotten(ticket.Id, out var version) && version >= ticket.Version)
                return false;
            ended.Remember(ticket.Id);
            var after = Listing.Of(ticket, indexes);
            listings[ticket.Id] = after;
            indexes.Replace(before, after);
            Tally(ticket.Seller, IsOnSale(after) - IsOnSale(before));
            // Of a ticket that is read at start it is not known when it ended: at its lock's end or earlier if it was sold.
            if (IsOnSale(after) == 0)
                ended.Add(ticket.Id, ticket.Version, isComplete ? null : ticket.Lock?.Until ?? ticket.ListedAt);
            Applied?.Invoke(ticket);
            // While the catalog is being filled, a ticket that was listed long ago would look newly listed.
            if (isComplete)
                Changed?.Invoke(before?.Ticket, ticket);
            return true;
        }
    }

    /// <summary>
    /// Takes the tickets out of the indexes whose show has begun, which no event tells, and forgets those that ended a
    /// while ago. Their keys in the sellers' lists stay.
    /// </summary>
    public void Forget(DateTimeOffset now)
    {
        lock (gate)
        {
            var begun = indexes.Shows.Between(SortKey.First, SortKey.After(now.UtcTicks)).Take(BegunAtOnce).ToList();
            foreach (var listing in begun.Select(Find).OfType<Listing>())
                EndSale(listing);
            foreach (var id in ended.Forget(now, ForgetAfter, HasEnded))
                listings.TryRemove(id, out _);
        }
    }

    void EndSale(Listing before)
    {
        var after = before with { HasBegun = true };
        listings[after.Ticket.Id] = after;
        indexes.Replace(before, after);
        Tally(after.Ticket.Seller, -1);
        ended.Add(after.Ticket.Id, after.Ticket.Version, after.Ticket.StartsAt);
    }

    // A locked one is kept whatever its show: its lock has yet to be asked about.
    bool HasEnded(TicketId id, long version) =>
        listings.GetValueOrDefault(id) is { Status: not TicketStatus.Locked } listing && listing.Ticket.Version == version;

    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Search(CatalogQuery query)
    {
        CheckComplete();
        var last = query.After is { } cursor
            ? new(query.Sort == SortBy.Price ? query.Currency ?? "" : "", cursor.Rank, cursor.Id) : StartOf(query);
        var found = FewestOf(query) is { } few
            ? few.Keys.Between(few.Start, few.End).DistinctBy(key => key.Id).Select(Find).OfType<Listing>()
                .Where(listing => listing.Matches(query) && listing.By(query.Sort) > last)
                .OrderBy(listing => listing.By(query.Sort))
            : indexes.By(query.Sort).Between(last, EndOf(query))
                // A ticket that changed during the walk may be met at its old key; it counts at its current key only.
                .Where(key => Find(key)?.By(query.Sort) == key)
                .Select(Find).OfType<Listing>().Where(listing => listing.Matches(query));
        return CatalogPage.Of(found.Select(listing => listing.Ticket).Take(query.Limit + 1), query);
    }

    Task<CatalogPage> ITicketSearch.Search(CatalogQuery query, CancellationToken ct) => Task.FromResult(Search(query));

    /// <summary>A seller's own tickets, newest first, in any status.</summary>
    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Of(UserId seller, int limit, Cursor? after)
    {
        CheckComplete();
        var last = after is null ? SortKey.Before(seller.Value) : new(seller.Value, after.Rank, after.Id);
        var theirs = indexes.Sellers.Between(last, SortKey.Before(seller.Value + '\0'));
        var keys = theirs.Take(limit + 1).ToList();
        var shown = keys.Take(limit).Select(key => (key.Id, Listing: Find(key))).ToList();
        return new([.. shown.Select(one => one.Listing?.Ticket).OfType<TicketSnapshot>()],
            keys.Count > limit ? new(SortBy.Newest, keys[limit - 1].Rank, keys[limit - 1].Id) : null)
        {
            Forgotten = [.. shown.Where(one => one.Listing is null).Select(one => one.Id)],
        };
    }

    /// <summary>Tickets whose lock ended by this moment, the longest overdue first.</summary>
    public IReadOnlyList<TicketId> LockedUntil(DateTimeOffset moment) =>
        [.. indexes.Locks.Between(SortKey.First, SortKey.After(moment.UtcTicks)).Select(key => key.Id)];

    static int IsOnSale(Listing? listing) => listing is { IsOnSale: true } ? 1 : 0;

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

    // Null: forgotten, perhaps since the key was read.
    Listing? Find(SortKey key) => listings.GetValueOrDefault(key.Id);

    readonly record struct Range(SortedKeys Keys, SortKey Start, SortKey End)
    {
        public int Count { get; } = Keys.CountBefore(End) - Keys.CountBefore(Start);
    }

    // Two ways to search: read all tickets of the most selective condition and sort them, or walk the sorted index
    // until the page is full. This picks the one that is likely to read fewer tickets. Null: walk the index.
    Range? FewestOf(CatalogQuery query)
    {
        // A ticket that matches a word has a word that begins with its first part, since the whole begins with it too.
        var ranges = query.Words.Select(word => word.Parts[0])
            .Select(part => new Range(indexes.Words, SortKey.Before(part), SortKey.AfterAll(part)));
        if (query.Currency is { } currency)
            ranges = ranges.Append(new(indexes.By(SortBy.Price), SortKey.Before(currency), EndOfPrices(query)));
        if (query.NotBefore is { } moment)
        {
            ranges = ranges.Append(
                new(indexes.By(SortBy.Date), SortKey.At(moment.UtcTicks), SortKey.At(Listing.Undated)));
        }
        double all = Math.Max(1, indexes.By(query.Sort).Count), likely = all;
        Range? fewest = null;
        foreach (var range in ranges)
        {
            fewest = range.Count < (fewest?.Count ?? int.MaxValue) ? range : fewest;
            likely *= range.Count / all;
        }
        return fewest?.Count * likely < query.Limit * all ? fewest : null;
    }

    static SortKey StartOf(CatalogQuery query) => query switch
    {
        { Sort: SortBy.Newest } => SortKey.First,
        { Sort: SortBy.Price } => SortKey.Before(query.Currency ?? ""),
        { NotBefore: { } moment } when moment > query.Now => SortKey.At(moment.UtcTicks),
        _ => SortKey.After(query.Now.UtcTicks),
    };

    static SortKey EndOf(CatalogQuery query) => query switch
    {
        { Sort: SortBy.Price } => EndOfPrices(query),
        { Sort: SortBy.Date, NotBefore: not null } => SortKey.At(Listing.Undated),
        _ => SortKey.Last,
    };

    static SortKey EndOfPrices(CatalogQuery query) => query switch
    {
        { Currency: null } => SortKey.Last,
        { MaxPrice: { } max } => SortKey.After(max) with { Group = query.Currency },
        _ => SortKey.AfterAll(query.Currency),
    };
}
