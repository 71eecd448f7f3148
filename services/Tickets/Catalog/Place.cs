using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Where a ticket stands in an order: by group (a word, a seller or none), then rank, then id.</summary>
readonly record struct Place(string Group, long Rank, TicketId Id) : IComparable<Place>
{
    /// <summary>Greater than every character of a word or an id.</summary>
    const string End = "\uffff";

    public static Place Before(string group) => new(group, long.MinValue, default);
    /// <summary>After every place of this rank.</summary>
    public static Place After(long rank) => new("", rank, new(End));
    /// <summary>After every place whose group begins so.</summary>
    public static Place AfterAll(string prefix) => Before(prefix + End);

    public int CompareTo(Place other)
    {
        var byGroup = string.CompareOrdinal(Group, other.Group);
        if (byGroup != 0)
            return byGroup;
        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : string.CompareOrdinal(Id.Value, other.Id.Value);
    }

    public static bool operator <(Place left, Place right) => left.CompareTo(right) < 0;
    public static bool operator >(Place left, Place right) => left.CompareTo(right) > 0;
    public static bool operator <=(Place left, Place right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Place left, Place right) => left.CompareTo(right) >= 0;
}

static class Places
{
    /// <summary>How many places come before this one; found in O(log n).</summary>
    public static int CountBefore(this ImmutableSortedSet<Place> places, Place place)
    {
        var at = places.IndexOf(place);
        return at < 0 ? ~at : at;
    }

    public static IEnumerable<Place> Between(this ImmutableSortedSet<Place> places, int start, int end)
    {
        for (var i = start; i < end; i++)
            yield return places[i];
    }
}
