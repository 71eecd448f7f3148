using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Simulation.Costs;

/// <summary>What a purchase costs in calls: list, place, pay, complete. More fails; so does a stale table.</summary>
public class PurchaseCostTests
{
    /// <summary>Purchases that are counted: messages overtake each other differently in each.</summary>
    const int Samples = 20;

    static readonly Cost[] Costs = Enum.GetValues<Cost>();
    static readonly string[] Apps = ["tickets", "orders", "payments", "expiration"];

    // In the order of Cost: state operations, publishes, deliveries, calls to Stripe, to actors, reminders and timers.
    static readonly int[] MaxByApi = [28, 8, 14, 2, 6];
    // Stripe's events tell nothing that its answers have not told.
    static readonly int[] MaxInBrowser = [28, 8, 14, 2, 6];

    [Fact]
    public void A_purchase_costs_no_more_than_the_table_says()
    {
        var (api, browser) = (Dearest(inBrowser: false), Dearest(inBrowser: true));
        AssertWithin(MaxByApi, api);
        AssertWithin(MaxInBrowser, browser);
        var table = Table(api, browser);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            MeasuredPage.Write("purchase", table);
        Assert.Equal(table, MeasuredPage.Read("purchase"));
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(50, false)]
    [InlineData(10, true)]
    [InlineData(50, true)]
    public void Many_purchases_at_once_cost_no_more_each(int purchases, bool inBrowser)
    {
        var max = inBrowser ? MaxInBrowser : MaxByApi;
        var shop = Warm(purchases, inBrowser);
        shop.Buy(purchases, inBrowser);
        AssertWithin([.. max.Select(each => each * purchases)], shop.Tally);
    }

    [Fact]
    public void The_count_is_the_same_every_time() =>
        Assert.Equal(Dearest(inBrowser: false).Calls, Dearest(inBrowser: false).Calls);

    static Tally Dearest(bool inBrowser)
    {
        var shop = Warm(1, inBrowser);
        var tallies = new List<Tally>();
        for (var sample = 0; sample < Samples; sample++)
        {
            shop.Buy(1, inBrowser);
            tallies.Add(shop.Tally.Take());
        }
        return tallies.MaxBy(tally => Costs.Sum(cost => tally[cost]))!;
    }

    // The first purchase enters the processes in the journal's directory.
    static CountedShop Warm(int purchases, bool inBrowser)
    {
        var shop = new CountedShop(seed: 1);
        shop.Buy(purchases, inBrowser);
        shop.Tally.Take();
        return shop;
    }

    static void AssertWithin(int[] max, Tally tally) => Assert.All(Costs, cost => Assert.True(
        tally[cost] <= max[(int)cost], $"{cost}: {tally[cost]}, at most {max[(int)cost]}.\n{string.Join('\n', tally.Calls)}"));

    static string Table(Tally api, Tally browser)
    {
        string Row(string name, Func<Cost, int> byApi, Func<Cost, int> inBrowser) => $"| {name} | "
            + string.Join(" | ", Costs.Select(cost => Cell(byApi(cost), inBrowser(cost)))) + " |";
        return string.Join('\n',
        [
            "| | state | publishes | deliveries | Stripe | actors |", "| --- | --- | --- | --- | --- | --- |",
            .. Apps.Select(app => Row(app, cost => api[app, cost], cost => browser[app, cost])),
            Row("**all**", cost => api[cost], cost => browser[cost]),
            Row("at most", cost => MaxByApi[(int)cost], cost => MaxInBrowser[(int)cost]),
        ]);
    }

    static string Cell(int api, int browser) => api == browser
        ? api.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{api} / {browser}");
}
