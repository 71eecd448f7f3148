using System.Collections.Concurrent;

namespace Ticketing.Shop.Tests;

/// <summary>A ticket whose listing was acknowledged.</summary>
sealed class Offer(string id, Person seller, long price)
{
    (long Version, long Price) _acknowledged = (1, price);

    public string Id => id;
    public Person Seller => seller;

    /// <summary>Every price that its seller sent, acknowledged or not.</summary>
    public ConcurrentBag<long> Requested { get; } = [price];

    /// <summary>The newest version that was acknowledged to its seller, and its price.</summary>
    public (long Version, long Price) Acknowledged
    {
        get
        {
            lock (this) return _acknowledged;
        }
    }

    public void Acknowledge(long version, long price)
    {
        lock (this)
            if (version > _acknowledged.Version) _acknowledged = (version, price);
    }
}

/// <param name="Price">The expected price in the buyer's request.</param>
sealed record Purchase(Person Buyer, string Ticket, long Price);

/// <summary>Everything the shop acknowledged, which must never be lost, and everything that was requested.</summary>
sealed class Acknowledgements
{
    public ConcurrentDictionary<string, Person> People { get; } = new();

    public ConcurrentDictionary<string, Offer> Offers { get; } = new();

    /// <summary>Every purchase that was requested, whatever the answer.</summary>
    public ConcurrentBag<Purchase> Requested { get; } = [];

    /// <summary>By order.</summary>
    public ConcurrentDictionary<string, Purchase> Orders { get; } = new();

    /// <summary>Stripe's id of the charge, by order.</summary>
    public ConcurrentDictionary<string, string> Paid { get; } = new();

    public ConcurrentDictionary<string, bool> GivenUp { get; } = new();

    public ConcurrentDictionary<string, bool> Refunded { get; } = new();

    public override string ToString() =>
        $"{Offers.Count} tickets, {Requested.Count} clicks, {Orders.Count} orders, {Paid.Count} paid, "
        + $"{GivenUp.Count} given up, {Refunded.Count} refunded";
}
