using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>The invariants of a shop (docs/decisions), as far as they can be seen from outside.</summary>
static class Audit
{
    const int ToldMax = 20;
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until all are settled and agree, with nothing lost, sold twice or charged twice.</summary>
    /// <returns>How long that took: what is lost stays lost, so one good look is enough.</returns>
    public static async Task<TimeSpan> Passes(Market market, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var broken = await Look(market);
            if (broken.Count == 0) return watch.Elapsed;
            Assert.True(watch.Elapsed < within, $"After {within.TotalSeconds:0} s, of {market.Told}:\n"
                + string.Join('\n', broken.Take(ToldMax)));
            await Task.Delay(LookEvery);
        }
    }

    static async Task<List<string>> Look(Market market)
    {
        try
        {
            return [.. Broken(await View.Of(market), market.Told)];
        }
        catch (UnreadableException e)
        {
            return [e.Message];
        }
    }

    public static IEnumerable<string> Broken(View seen, Receipts told) =>
        [.. Tickets(seen, told), .. Orders(seen, told), .. Holders(seen), .. Charges(seen, told)];

    static IEnumerable<string> Tickets(View seen, Receipts told)
    {
        foreach (var offer in told.Offers.Values)
        {
            if (!seen.Tickets.TryGetValue(offer.Id, out var ticket))
            {
                yield return $"{offer.Id}: its listing was acknowledged, and is lost";
                continue;
            }

            var (version, price) = offer.Told;
            if (ticket.Version < version || ticket.Version == version && ticket.Price != price)
                yield return $"{ticket}: version {version} at {price} was acknowledged, and is lost";
            if (!offer.Asked.Contains(ticket.Price)) yield return $"{ticket}: nobody asked for this price";
            if (ticket.Status is not ("open" or "sold")) yield return $"{ticket}: neither for sale nor sold";
            if (ticket.Status is "open" != seen.Listed.Contains(offer.Id))
                yield return $"{ticket}: {(seen.Listed.Contains(offer.Id) ? "listed" : "not listed")}";
        }
    }

    static IEnumerable<string> Orders(View seen, Receipts told)
    {
        foreach (var (id, purchase) in told.Orders)
            if (!seen.Orders.TryGetValue(id, out var order) || order.Buyer != purchase.Buyer)
                yield return $"{id}: was acknowledged to {purchase.Buyer}, and is lost";
            else if (order.Price != purchase.Price)
                yield return $"{order}: its buyer agreed to {purchase.Price}";
        foreach (var order in seen.Orders.Values)
        {
            if (order.IsLive || order.Status is "refunding") yield return $"{order}: has not ended";
            if (!told.Asked.Contains(new(order.Buyer, order.Ticket, order.Price)))
                yield return $"{order}: its buyer never agreed to that";
            if (told.GivenUp.ContainsKey(order.Id) && order.Status is not "cancelled")
                yield return $"{order}: that it is given up was acknowledged, and is lost";
            if (told.Refunded.ContainsKey(order.Id) && order.Status is not "refunded")
                yield return $"{order}: that it is refunded was acknowledged, and is lost";
        }
    }

    static IEnumerable<string> Holders(View seen)
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

    static IEnumerable<string> Charges(View seen, Receipts told)
    {
        foreach (var order in seen.Orders.Values)
        {
            var money = seen.Money.GetValueOrDefault(order.Id, Money.None);
            if (money.Captures.Count > 1 || money.Captures.Any(amount => amount != order.Price))
                yield return $"{order}: captured {string.Join(" and ", money.Captures)}";
            var kept = order.Status is "complete" ? order.Price : 0;
            if (money.Captured - money.Refunded != kept)
                yield return $"{order}: captured {money.Captured}, refunded {money.Refunded}";
            if (money.Held != 0) yield return $"{order}: {money.Held} of the buyer's money is set aside still";
        }

        foreach (var (id, payment) in seen.Payments)
        {
            var order = seen.Orders[id];
            if (order.Status is "complete" && payment.Status is not "captured"
                || order.Status is "refunded" && payment.Status is not ("refunded" or "voided"))
                yield return $"{order}: its payment is {payment.Status}";
            if (told.Paid.TryGetValue(id, out var charge) && charge != payment.StripeId)
                yield return $"{order}: {charge} was acknowledged, and became {payment.StripeId}";
        }

        foreach (var stranger in seen.Money.Keys.Where(order => !seen.Orders.ContainsKey(order)))
            yield return $"{stranger}: charged, and no buyer has such an order";
        var complete = seen.Orders.Values.Where(order => order.Status is "complete").Sum(order => order.Price);
        var net = seen.Money.Values.Sum(money => money.Captured - money.Refunded);
        if (net != complete) yield return $"Stripe's books say {net}, the orders {complete}";
        if (seen.LedgerSum != 0) yield return $"Stripe's books are out by {seen.LedgerSum}";
    }
}
