using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>The position of a ticket in an index: by group (a word, a seller or ""), then rank, then id.</summary>
readonly record struct SortKey(string Group, long Rank, TicketId Id) : IComparable<SortKey>
{
    /// <summary>Greater than every character of a word or an id.</summary>
    const string End = "\uffff";

    public static readonly SortKey First = Before("");
    public static readonly SortKey Last = Before(End);

    public static SortKey Before(string group) => new(group, long.MinValue, default);
    /// <summary>Before every key of this rank.</summary>
    public static SortKey At(long rank) => new("", rank, default);
    /// <summary>After every key of this rank.</summary>
    public static SortKey After(long rank) => new("", rank, new(End));
    /// <summary>After every key whose group begins with the prefix.</summary>
    public static SortKey AfterAll(string prefix) => Before(prefix + End);

    public int CompareTo(SortKey other)
    {
        var byGroup = string.CompareOrdinal(Group, other.Group);
        if (byGroup != 0)
            return byGroup;
        var byRank = Rank.CompareTo(other.Rank);
        return byRank != 0 ? byRank : string.CompareOrdinal(Id.Value, other.Id.Value);
    }

    public static bool operator <(SortKey left, SortKey right) => left.CompareTo(right) < 0;
    public static bool operator >(SortKey left, SortKey right) => left.CompareTo(right) > 0;
    public static bool operator <=(SortKey left, SortKey right) => left.CompareTo(right) <= 0;
    public static bool operator >=(SortKey left, SortKey right) => left.CompareTo(right) >= 0;
}
