using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A search among the open tickets.</summary>
/// <param name="MaxPrice">Minor units.</param>
/// <param name="NotBefore">Earliest start. Tickets without a start are then left out.</param>
public sealed record CatalogQuery(
    SortBy Sort, int Limit, Cursor? After = null, long? MaxPrice = null, DateTimeOffset? NotBefore = null)
{
    /// <summary>A show that has begun by this moment is left out.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>All of them must be found.</summary>
    public ImmutableArray<QueryWord> Words { get; init; } = [];
}

/// <summary>Tickets of one page, and where the next one begins.</summary>
public sealed record CatalogPage(IReadOnlyList<TicketSnapshot> Tickets, Cursor? Next)
{
    /// <summary>Tickets of a seller's page that the catalog has forgotten: only the store has them.</summary>
    public IReadOnlyList<TicketId> Forgotten { get; init; } = [];

    /// <param name="found">In order, one more than the limit if there are more.</param>
    internal static CatalogPage Of(IEnumerable<TicketSnapshot> found, SortBy sort, int limit)
    {
        var tickets = found.ToList();
        if (tickets.Count <= limit)
            return new(tickets, null);
        var last = tickets[limit - 1];
        return new(tickets[..limit], new(sort, Listing.RankOf(last, sort), last.Id));
    }
}

/// <summary>
/// Sort key of the last ticket of a page. An offset would repeat or skip tickets on the next page when some are listed
/// or sold in between. Opaque to clients.
/// </summary>
public sealed record Cursor(SortBy Sort, long Rank, TicketId Id)
{
    const int LengthMax = 120;

    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{(int)Sort}.{Rank}.{Id}")));

    public static bool TryParse(string text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        if (text.Length > LengthMax || !Base64Url.IsValid(text))
            return false;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        if (parts is not [var sort, var rank, var id]
            || !int.TryParse(sort, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(rank, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || !Enum.IsDefined((SortBy)number)
            || !TicketId.TryParse(id, null, out var ticket))
            return false;
        cursor = new((SortBy)number, value, ticket);
        return true;
    }
}
