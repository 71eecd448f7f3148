using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Where a ticket stands in an order: by group (a word, a seller or none), then rank, then id.</summary>
readonly record struct Place(string Group, long Rank, TicketId Id) : IComparable<Place>
{
    /// <summary>Greater than every character of a word or an id.</summary>
    const string End = "\uffff";

    public static readonly Place First = Before("");
    public static readonly Place Last = Before(End);

    public static Place Before(string group) => new(group, long.MinValue, default);
    /// <summary>Before every place of this rank.</summary>
    public static Place At(long rank) => new("", rank, default);
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
