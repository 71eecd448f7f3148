using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Where a ticket stands in a sorted index: by group (a word, a seller or none), then rank, then id.</summary>
readonly record struct IndexKey(string Group, long Rank, TicketId Id) : IComparable<IndexKey>
{
    /// <summary>Greater than every character of a word or an id.</summary>
    const string End = "\uffff";

    public static readonly IndexKey First = Before("");
    public static readonly IndexKey Last = Before(End);

    public static IndexKey Before(string group) => new(group, long.MinValue, default);
    /// <summary>Before every key of this rank.</summary>
    public static IndexKey At(long rank) => new("", rank, default);
    /// <summary>After every key of this rank.</summary>
    public static IndexKey After(long rank) => new("", rank, new(End));
    /// <summary>After every key whose group begins so.</summary>
    public static IndexKey AfterAll(string prefix) => Before(prefix + End);

    public int CompareTo(IndexKey other)
    {
        var byGroup = string.CompareOrdinal(Group, other.Group);
        if (byGroup != 0)
            return byGroup;
        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : string.CompareOrdinal(Id.Value, other.Id.Value);
    }

    public static bool operator <(IndexKey left, IndexKey right) => left.CompareTo(right) < 0;
    public static bool operator >(IndexKey left, IndexKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(IndexKey left, IndexKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(IndexKey left, IndexKey right) => left.CompareTo(right) >= 0;
}
