using System.Collections.Concurrent;
using System.Collections.Immutable;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Every ticket this instance knows of, sorted for those who browse. It is fed by this instance's own writes, by the
/// events of the others, and by looking at the store now and then; the newest version it has seen counts.
/// </summary>
public sealed class Catalog
{
    /// <summary>So many candidates are sorted for a query; with more, an order is walked until it is full.</summary>
    const int CandidatesMax = 1_000;

    readonly Lock gate = new();
    readonly ConcurrentDictionary<TicketId, Listing> listings = new();
    volatile Shelves shelves = new();
    volatile bool isComplete;

    /// <summary>A newer version, with the one known before; called in their order, while nobody else writes.</summary>
    public event Action<TicketSnapshot?, TicketSnapshot>? Changed;

    public int Count => listings.Count;

    /// <summary>True once everything listed before this instance started is in it.</summary>
    public bool IsComplete => isComplete;
    public void Complete() => isComplete = true;

    public bool Knows(TicketId id) => listings.ContainsKey(id);

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
            var after = Listing.Of(ticket);
            listings[ticket.Id] = after;
            shelves = shelves.Replace(before, after);
            // Until it is complete, old news may look new.
            if (isComplete)
                Changed?.Invoke(before?.Ticket, ticket);
            return true;
        }
    }

    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Search(CatalogQuery query)
    {
        var now = Now();
        var after = query.After is { } cursor ? new Place("", cursor.Rank, cursor.Id) : (Place?)null;
        var found = Few(now, query) is { } few
            ? few.Select(Find).Where(listing => listing.Matches(query)).OrderBy(listing => listing.By(query.Sort))
                .SkipWhile(listing => listing.By(query.Sort) <= after)
            : Walk(now, query, after).Select(Find).Where(listing => listing.Matches(query));
        return Page(found, query.Sort, query.Limit);
    }

    /// <summary>A seller's own, newest first, in any status.</summary>
    /// <exception cref="TryAgainException">It is not complete yet.</exception>
    public CatalogPage Of(UserId seller, int limit, Cursor? after)
    {
        var sellers = Now().Sellers;
        var start = after is null
            ? sellers.CountBefore(Place.Before(seller.Value))
            : StartAfter(sellers, new(seller.Value, after.Rank, after.Id));
        var end = sellers.CountBefore(Place.Before(seller.Value + '\0'));
        return Page(sellers.Between(start, end).Select(Find), SortBy.Newest, limit);
    }

    /// <summary>Tickets whose lock ended before <paramref name="moment"/>, the longest overdue first.</summary>
    public IReadOnlyList<TicketId> LockedUntil(DateTimeOffset moment)
    {
        var locks = shelves.Locks;
        return [.. locks.Between(0, locks.CountBefore(Place.After(moment.UtcTicks))).Select(place => place.Id)];
    }

    Shelves Now() => isComplete ? shelves : throw new TryAgainException("The catalog is still being read.");

    Listing Find(Place place) => listings[place.Id];

    // The places of the rarest thing asked for, each ticket once, if they are few.
    static IEnumerable<Place>? Few(Shelves now, CatalogQuery query)
    {
        var (places, start, end) = (now.Newest, 0, int.MaxValue);
        foreach (var prefix in query.Words)
        {
            var first = now.Words.CountBefore(Place.Before(prefix));
            var last = now.Words.CountBefore(Place.AfterAll(prefix));
            if (last - first < end - start)
                (places, start, end) = (now.Words, first, last);
        }
        if (query.MaxPrice is { } max && now.Cheapest.CountBefore(Place.After(max)) is var cheap && cheap < end - start)
            (places, start, end) = (now.Cheapest, 0, cheap);
        return end - start <= CandidatesMax ? places.Between(start, end).DistinctBy(place => place.Id) : null;
    }

    static IEnumerable<Place> Walk(Shelves now, CatalogQuery query, Place? after)
    {
        var places = now.By(query.Sort);
        var start = after is { } last ? StartAfter(places, last) : 0;
        var isCapped = query is { Sort: SortBy.Price, MaxPrice: not null };
        return places.Between(start, isCapped ? places.CountBefore(Place.After(query.MaxPrice!.Value)) : places.Count);
    }

    static int StartAfter(ImmutableSortedSet<Place> places, Place last)
    {
        var at = places.IndexOf(last);
        return at < 0 ? ~at : at + 1;
    }

    static CatalogPage Page(IEnumerable<Listing> found, SortBy sort, int limit)
    {
        var listings = found.Take(limit + 1).ToList();
        if (listings.Count <= limit)
            return new([.. listings.Select(listing => listing.Ticket)], null);
        var last = listings[limit - 1].By(sort);
        return new([.. listings.Take(limit).Select(listing => listing.Ticket)], new(sort, last.Rank, last.Id));
    }
}
