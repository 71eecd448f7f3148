namespace Ticketing.Tickets;

/// <summary>Finds open tickets: in memory (<see cref="Catalog"/>), or in a PostgreSQL server if one is configured.</summary>
public interface ITicketSearch
{
    /// <exception cref="TryAgainException">It cannot answer now.</exception>
    Task<CatalogPage> Search(CatalogQuery query, CancellationToken ct);
}
