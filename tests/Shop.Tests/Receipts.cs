using System.Collections.Concurrent;

namespace Ticketing.Shop.Tests;

/// <summary>A ticket whose listing was acknowledged.</summary>
sealed class Offer(string id, Person seller, long price)
{
    (long Version, long Price) _told = (1, price);

    public string Id => id;
    public Person Seller => seller;

    /// <summary>Every price its seller ever sent, acknowledged or not.</summary>
    public ConcurrentBag<long> Asked { get; } = [price];

    /// <summary>The newest version that was acknowledged to its seller, and its price.</summary>
    public (long Version, long Price) Told
    {
        get
        {
            lock (this) return _told;
        }
    }

    public void Tell(long version, long price)
    {
        lock (this)
            if (version > _told.Version) _told = (version, price);
    }
}

/// <param name="Price">What the buyer saw, and sent.</param>
sealed record Purchase(Person Buyer, string Ticket, long Price);

/// <summary>Everything the shop said yes to, and what it was asked for: what it is held to.</summary>
sealed class Receipts
{
    public ConcurrentDictionary<string, Person> People { get; } = new();

    public ConcurrentDictionary<string, Offer> Offers { get; } = new();

    /// <summary>Every purchase that anybody asked for, whatever was answered.</summary>
    public ConcurrentBag<Purchase> Asked { get; } = [];

    /// <summary>By order.</summary>
    public ConcurrentDictionary<string, Purchase> Orders { get; } = new();

    /// <summary>Orders to the id of the charge.</summary>
    public ConcurrentDictionary<string, string> Paid { get; } = new();

    public ConcurrentDictionary<string, bool> GivenUp { get; } = new();

    public ConcurrentDictionary<string, bool> Refunded { get; } = new();

    public override string ToString() =>
        $"{Offers.Count} tickets, {Asked.Count} clicks, {Orders.Count} orders, {Paid.Count} paid, "
        + $"{GivenUp.Count} given up, {Refunded.Count} refunded";
}
