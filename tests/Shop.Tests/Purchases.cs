using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>A whole purchase by people who have never been here before: every service has its part in it.</summary>
static class Purchases
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Pause = TimeSpan.FromMilliseconds(50);
    static TimeSpan Soon => Machine.Seconds(5);

    /// <summary>Tries until one succeeds.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> Work(Market market)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            var missing = await Missing(market);
            if (missing is null) return watch.Elapsed;
            Assert.True(watch.Elapsed < Patience, $"After {Patience.TotalSeconds:0} s no purchase works: {missing}");
        }
    }

    static async Task<string?> Missing(Market market)
    {
        var page = await market.Shop.Ask(HttpMethod.Get, "/");
        if (!page.IsYes) return $"the first page answers {page}";
        var (seller, buyer) = (await market.SignUp("new"), await market.SignUp("new"));
        var offer = await market.List(seller, 7000);
        var order = await market.Buy(buyer, offer, 7000);
        if (order.Status != 201) return $"a purchase answers {order}";
        var id = order.Text("id");
        if (await market.Becomes(buyer, id, Soon, "awaitingPayment", "cancelled") is not { } held
            || held.Text("status") is "cancelled") return $"{id} is not held";
        var paid = await market.Pay(buyer, id);
        if (!paid.IsYes) return $"a payment answers {paid}";
        var complete = await market.Becomes(buyer, id, Soon, "complete");
        return complete is null ? $"{id} is not complete" : null;
    }
}
