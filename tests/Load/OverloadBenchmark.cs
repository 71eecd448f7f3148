using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>Ten times what the shop can do is asked of it: what is still completed, and how long that takes.</summary>
static class OverloadBenchmark
{
    const int Buyers = 200, Sellers = 30, Flat = 6, Times = 10, RoundsMade = 3;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(CancellationToken ct)
    {
        await using var shop = await MeasuredShop.Start(Repository.Root, ["embedded"], ct);
        using var market = await Market.Open(shop.Url, Sellers, Buyers, ct);
        await WarmUp.UntilSteady(market, Flat, ct);
        var (best, good, halfP99, overP99, refused) = (new Rounds(), new Rounds(), new Rounds(), new Rounds(), new Rounds());
        for (var round = 0; round < RoundsMade; round++)
        {
            var most = best.All.Count > 0 ? best.All.Max() * 2 : 100;
            best.Add((await market.Buy(Flat, most, Turn, ct)).Completed / Turn.TotalSeconds);
            halfP99.Add((await market.BuyAt(best.All[^1] / 2, Turn, ct)).Whole.P99);
            var over = await market.BuyAt(best.All[^1] * Times, Turn, ct);
            good.Add(over.Completed / Turn.TotalSeconds);
            overP99.Add(over.Whole.P99);
            refused.Add(over.Refused / (best.All[^1] * Times * Turn.TotalSeconds) * 100);
        }

        if (await market.Wrong(ct) is { } wrong) return MeasuredPage.Refuse(wrong);
        MeasuredPage.Write("overload", string.Create(CultureInfo.InvariantCulture, $"""
            | | | bound |
            | --- | --- | --- |
            | purchases a second, {Flat} buyers without a pause | {best.Text("0.0")} | |
            | completed a second while {Times} times as many are begun | {good.Text("0.0")} | |
            | the second ÷ the first | {good.Over(best).Text("0.00")} | 0.9 |
            | told to come again | {refused.Text("0")} % | |
            | p99 of what was completed ÷ p99 at half load | {overP99.Over(halfP99).Text("0.0")} | 3 |
            """));
        return 0;
    }
}
