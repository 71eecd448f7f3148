using System.Buffers.Text;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What somebody looks for among the open tickets.</summary>
/// <param name="MaxPrice">Minor units.</param>
/// <param name="NotBefore">When it starts, which has to be known then.</param>
public sealed record CatalogQuery(
    SortBy Sort, int Limit, Cursor? After = null, long? MaxPrice = null, DateTimeOffset? NotBefore = null)
{
    /// <summary>All of them must be found.</summary>
    public ImmutableArray<AskedWord> Words { get; init; } = [];
}

/// <summary>Tickets of one page, and where the next one begins.</summary>
public sealed record CatalogPage(IReadOnlyList<TicketSnapshot> Tickets, Cursor? Next);

/// <summary>
/// The last ticket of a page by what it is sorted by, not by how many came before it: whatever is listed or sold
/// meanwhile, the next page neither repeats nor skips. Opaque to clients.
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
            || !long.TryParse(rank, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var place)
            || !Enum.IsDefined((SortBy)number)
            || !TicketId.TryParse(id, null, out var ticket))
            return false;
        cursor = new((SortBy)number, place, ticket);
        return true;
    }
}
