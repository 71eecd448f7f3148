using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>A whole purchase by new accounts, in which every service takes part.</summary>
static class Purchases
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Pause = TimeSpan.FromMilliseconds(50);
    static TimeSpan Soon => MachineLoad.Seconds(5);

    /// <summary>Tries purchases until one succeeds.</summary>
    /// <returns>How long that took.</returns>
    public static async Task<TimeSpan> UntilOneWorks(ShopClient client)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(Pause))
        {
            var missing = await WhatFails(client);
            if (missing is null) return watch.Elapsed;
            Assert.True(watch.Elapsed < Patience, $"After {Patience.TotalSeconds:0} s no purchase works: {missing}");
        }
    }

    static async Task<string?> WhatFails(ShopClient client)
    {
        var page = await client.Shop.Send(HttpMethod.Get, "/");
        if (!page.IsSuccess) return $"the first page answers {page}";
        var (seller, buyer) = (await client.SignUp("new"), await client.SignUp("new"));
        var offer = await client.List(seller, 7000);
        var order = await client.Buy(buyer, offer, 7000);
        if (order.Status != 201) return $"a purchase answers {order}";
        var id = order.Text("id");
        if (await client.WaitForStatus(buyer, id, Soon, "awaitingPayment", "cancelled") is not { } held
            || held.Text("status") is "cancelled") return $"{id} is not held";
        var paid = await client.Pay(buyer, id);
        if (!paid.IsSuccess) return $"a payment answers {paid}";
        var complete = await client.WaitForStatus(buyer, id, Soon, "complete");
        return complete is null ? $"{id} is not complete" : null;
    }
}
