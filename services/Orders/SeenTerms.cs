using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// What a buyer saw of the ticket. It only guards: an order's terms are the ticket's, whatever the buyer says.
/// </summary>
/// <param name="Version">The version of all terms.</param>
/// <param name="Price">Minor units.</param>
/// <param name="Currency">ISO 4217 in lower case.</param>
public sealed record SeenTerms(long? Version = null, long? Price = null, string? Currency = null)
{
    /// <summary>False if the ticket may be on sale for other terms than its buyer saw.</summary>
    public bool AreStill(TicketSnapshot ticket) =>
        (Version is null || Version == ticket.TermsVersion)
        && (Price is null || Price == ticket.Price.Amount)
        && (Currency is null || Currency == ticket.Price.Currency)
        && !(IsAmountOnly && ticket.CurrencyChanged);

    // 4550 may have been yen when its buyer looked, and be pounds now.
    bool IsAmountOnly => Price is not null && Version is null && Currency is null;
}
