using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A search among the open tickets.</summary>
/// <param name="MaxPrice">Minor units; with a <see cref="Currency"/>.</param>
/// <param name="NotBefore">Earliest start. Tickets without a start are then left out.</param>
public sealed record CatalogQuery(
    SortBy Sort, int Limit, Cursor? After = null, long? MaxPrice = null, DateTimeOffset? NotBefore = null)
{
    /// <summary>
    /// Only tickets in this currency; null: in any. Prices are compared within one currency only.
    /// </summary>
    public string? Currency { get; init; }

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
    internal static CatalogPage Of(IEnumerable<TicketSnapshot> found, CatalogQuery query)
    {
        var tickets = found.ToList();
        if (tickets.Count <= query.Limit)
            return new(tickets, null);
        var last = tickets[query.Limit - 1];
        return new(tickets[..query.Limit],
            new(query.Sort, Listing.RankOf(last, query.Sort), last.Id, query.Currency));
    }
}

/// <summary>
/// Sort key of the last ticket of a page. An offset would repeat or skip tickets on the next page when some are listed
/// or sold in between. Opaque to clients.
/// </summary>
/// <param name="Currency">That of the query, which the next page keeps; null if it had none.</param>
public sealed record Cursor(SortBy Sort, long Rank, TicketId Id, string? Currency = null)
{
    const int LengthMax = 120;

    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{(int)Sort}.{Rank}.{Id}{(Currency is null ? "" : ".")}{Currency}")));

    public static bool TryParse(string text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        if (text.Length > LengthMax || !Base64Url.IsValid(text))
            return false;
        var parts = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.');
        if (parts is not [var sort, var rank, var id, .. var rest] || rest.Length > 1
            || !int.TryParse(sort, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(rank, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || !Enum.IsDefined((SortBy)number)
            || !TicketId.TryParse(id, null, out var ticket)
            || rest is [var code] && !Currencies.IsKnown(code))
            return false;
        cursor = new((SortBy)number, value, ticket, rest is [var currency] ? currency : null);
        return true;
    }
}
