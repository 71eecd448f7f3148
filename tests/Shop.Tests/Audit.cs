using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>Checks the invariants of a shop (docs/decisions) from outside, by its API and Stripe's ledger.</summary>
static class Audit
{
    const int PrintedMax = 20;
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until all orders are settled and nothing was lost, sold twice or charged twice.</summary>
    /// <returns>How long that took. One passed audit is enough: lost data would not come back.</returns>
    public static async Task<TimeSpan> Passes(ShopClient client, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var broken = await FindBroken(client);
            if (broken.Count == 0) return watch.Elapsed;
            Assert.True(watch.Elapsed < within, $"After {within.TotalSeconds:0} s, of {client.Acknowledged}:\n"
                + string.Join('\n', broken.Take(PrintedMax)));
            await Task.Delay(LookEvery);
        }
    }

    static async Task<List<string>> FindBroken(ShopClient client)
    {
        try
        {
            return [.. Broken(await ShopState.Of(client), client.Acknowledged)];
        }
        catch (UnreadableException e)
        {
            return [e.Message];
        }
    }

    public static IEnumerable<string> Broken(ShopState seen, Acknowledgements acknowledged) =>
    [
        .. Tickets(seen, acknowledged), .. Orders(seen, acknowledged), .. Holders(seen), .. Charges(seen, acknowledged),
    ];

    static IEnumerable<string> Tickets(ShopState seen, Acknowledgements acknowledged)
    {
        foreach (var offer in acknowledged.Offers.Values)
        {
            if (!seen.Tickets.TryGetValue(offer.Id, out var ticket))
            {
                yield return $"{offer.Id}: its listing was acknowledged, and is lost";
                continue;
            }

            var (version, price) = offer.Acknowledged;
            if (ticket.Version < version || ticket.Version == version && ticket.Price != price)
                yield return $"{ticket}: version {version} at {price} was acknowledged, and is lost";
            if (!offer.Requested.Contains(ticket.Price)) yield return $"{ticket}: nobody asked for this price";
            if (ticket.Status is not ("open" or "sold")) yield return $"{ticket}: neither for sale nor sold";
            if (ticket.Status is "open" != seen.Listed.Contains(offer.Id))
                yield return $"{ticket}: {(seen.Listed.Contains(offer.Id) ? "listed" : "not listed")}";
        }
    }

    static IEnumerable<string> Orders(ShopState seen, Acknowledgements acknowledged)
    {
        foreach (var (id, purchase) in acknowledged.Orders)
            if (!seen.Orders.TryGetValue(id, out var order) || order.Buyer != purchase.Buyer)
                yield return $"{id}: was acknowledged to {purchase.Buyer}, and is lost";
            else if (order.Price != purchase.Price)
                yield return $"{order}: its buyer agreed to {purchase.Price}";
        foreach (var order in seen.Orders.Values)
        {
            if (order.IsLive || order.Status is "refunding") yield return $"{order}: has not ended";
            if (!acknowledged.Requested.Contains(new(order.Buyer, order.Ticket, order.Price)))
                yield return $"{order}: its buyer never agreed to that";
            if (acknowledged.GivenUp.ContainsKey(order.Id) && order.Status is not "cancelled")
                yield return $"{order}: that it is given up was acknowledged, and is lost";
            if (acknowledged.Refunded.ContainsKey(order.Id) && order.Status is not "refunded")
                yield return $"{order}: that it is refunded was acknowledged, and is lost";
        }
    }

    static IEnumerable<string> Holders(ShopState seen)
    {
        foreach (var ofTicket in seen.Orders.Values.GroupBy(order => order.Ticket))
        {
            var holders = ofTicket.Where(order => order.HoldsTheTicket).ToList();
            if (holders.Count > 1) yield return $"{ofTicket.Key}: held by {string.Join(" and ", holders)}";
        }

        foreach (var ticket in seen.Tickets.Values)
        {
            var buyers = seen.Orders.Values.Where(order => order.Ticket == ticket.Id && order.Status is "complete");
            if (ticket.Status is "sold" != buyers.Any()) yield return $"{ticket}: bought by {buyers.FirstOrDefault()}";
        }
    }

    static IEnumerable<string> Charges(ShopState seen, Acknowledgements acknowledged)
    {
        foreach (var order in seen.Orders.Values)
        {
            var money = seen.Money.GetValueOrDefault(order.Id, OrderMoney.None);
            if (money.Captures.Count > 1 || money.Captures.Any(amount => amount != order.Price))
                yield return $"{order}: captured {string.Join(" and ", money.Captures)}";
            var kept = order.Status is "complete" ? order.Price : 0;
            if (money.Captured - money.Refunded != kept)
                yield return $"{order}: captured {money.Captured}, refunded {money.Refunded}";
            if (money.Held != 0) yield return $"{order}: {money.Held} of the buyer's money is still reserved";
        }

        foreach (var (id, payment) in seen.Payments)
        {
            var order = seen.Orders[id];
            if (order.Status is "complete" && payment.Status is not "captured"
                || order.Status is "refunded" && payment.Status is not ("refunded" or "voided"))
                yield return $"{order}: its payment is {payment.Status}";
            if (acknowledged.Paid.TryGetValue(id, out var charge) && charge != payment.StripeId)
                yield return $"{order}: {charge} was acknowledged, and became {payment.StripeId}";
        }

        foreach (var stranger in seen.Money.Keys.Where(order => !seen.Orders.ContainsKey(order)))
            yield return $"{stranger}: charged, and no buyer has such an order";
        var complete = seen.Orders.Values.Where(order => order.Status is "complete").Sum(order => order.Price);
        var net = seen.Money.Values.Sum(money => money.Captured - money.Refunded);
        if (net != complete) yield return $"Stripe's ledger has {net}, the orders {complete}";
        if (seen.LedgerSum != 0) yield return $"Stripe's ledger sums to {seen.LedgerSum}, not 0";
    }
}
