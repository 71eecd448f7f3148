using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>Tickets to offer instead of one that is gone: the same show first, then the nearest in price.</summary>
public static class Alternatives
{
    public const int Max = 4;

    public static IReadOnlyList<TicketDto> To(TicketDto wanted, IEnumerable<TicketDto> others) =>
    [
        .. others.Where(other => other.Id != wanted.Id).DistinctBy(other => other.Id)
            .OrderByDescending(other => Same(other.Title, wanted.Title))
            .ThenByDescending(other => Same(other.Venue, wanted.Venue))
            .ThenByDescending(other => other.Currency == wanted.Currency)
            .ThenBy(other => Math.Abs(other.Price - wanted.Price))
            .Take(Max),
    ];

    static bool Same(string? one, string? other) =>
        one is not null && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
