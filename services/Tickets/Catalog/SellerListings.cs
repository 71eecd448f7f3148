using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A seller's own tickets in any status; those that the catalog has forgotten are read from the store.</summary>
public sealed class SellerListings(Catalog catalog, AggregateStore<Ticket> tickets)
{
    /// <exception cref="TryAgainException">The catalog is not complete yet, or the store does not answer.</exception>
    public async Task<CatalogPage> Page(UserId seller, int limit, Cursor? after, CancellationToken ct)
    {
        var page = catalog.Of(seller, limit, after);
        if (page.Forgotten.Count == 0)
            return page;
        var found = await tickets.Find([.. page.Forgotten.Select(id => id.Value)], skipDamaged: true, ct);
        return new([.. page.Tickets.Concat(found.Values.Select(ticket => ticket.Snapshot()))
            .OrderBy(ticket => new SortKey("", Listing.RankOf(ticket, SortBy.Newest), ticket.Id))], page.Next);
    }
}
