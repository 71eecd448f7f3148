using System.Collections.Immutable;

namespace Ticketing.Tickets;

/// <summary>
/// Every order that tickets are read in. Immutable: who reads sees one moment, whoever writes meanwhile. A change costs
/// O(log n) in each order.
/// </summary>
sealed record Shelves
{
    static readonly ImmutableSortedSet<Place> None = [];

    public ImmutableSortedSet<Place> Newest { get; private init; } = None;
    public ImmutableSortedSet<Place> Cheapest { get; private init; } = None;
    public ImmutableSortedSet<Place> Soonest { get; private init; } = None;
    /// <summary>By word. Locked tickets stay in it: a lock is frequent and short, a ticket's words are many.</summary>
    public ImmutableSortedSet<Place> Words { get; private init; } = None;
    /// <summary>By seller, newest first, in any status.</summary>
    public ImmutableSortedSet<Place> Sellers { get; private init; } = None;
    /// <summary>By the moment the lock ends.</summary>
    public ImmutableSortedSet<Place> Locks { get; private init; } = None;

    public ImmutableSortedSet<Place> By(SortBy sort) => sort switch
    {
        SortBy.Price => Cheapest,
        SortBy.Date => Soonest,
        _ => Newest,
    };

    public Shelves Replace(Listing? before, Listing after)
    {
        var (was, now) = (OpenOrNull(before), OpenOrNull(after));
        return new()
        {
            Newest = Move(Newest, was?.By(SortBy.Newest), now?.By(SortBy.Newest)),
            Cheapest = Move(Cheapest, was?.By(SortBy.Price), now?.By(SortBy.Price)),
            Soonest = Move(Soonest, was?.By(SortBy.Date), now?.By(SortBy.Date)),
            Words = MoveWords(before is { IsSearched: true } ? before : null, after.IsSearched ? after : null),
            Sellers = before is null ? Sellers.Add(after.OfSeller) : Sellers,
            Locks = Move(Locks, LockOrNull(before)?.OfLock, LockOrNull(after)?.OfLock),
        };
    }

    static Listing? OpenOrNull(Listing? listing) => listing is { Status: TicketStatus.Open } ? listing : null;
    static Listing? LockOrNull(Listing? listing) => listing is { Status: TicketStatus.Locked } ? listing : null;

    static ImmutableSortedSet<Place> Move(ImmutableSortedSet<Place> places, Place? from, Place? to)
    {
        if (from == to)
            return places;
        if (from is { } old)
            places = places.Remove(old);
        return to is { } place ? places.Add(place) : places;
    }

    ImmutableSortedSet<Place> MoveWords(Listing? before, Listing? after)
    {
        if (before is not null && after is not null && before.Words.SequenceEqual(after.Words))
            return Words;
        var words = Words.ToBuilder();
        words.ExceptWith(before?.OfWords ?? []);
        words.UnionWith(after?.OfWords ?? []);
        return words.ToImmutable();
    }
}
