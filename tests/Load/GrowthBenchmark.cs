using System.Globalization;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>What a purchase costs in a shop with more listings, more held tickets, more people who watch.</summary>
static class GrowthBenchmark
{
    const int People = 6, Sellers = 100;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(15);
    static readonly (string Of, int[] Sizes)[] Growing =
        [("listings", [100, 1_000, 10_000]), ("held tickets", [10, 100, 1_000]), ("live listing streams", [1, 10, 100])];

    public static async Task<int> Run(CancellationToken ct)
    {
        var table = new StringBuilder("| | 1× | 10× | 100× | 100× ÷ 1× |\n| --- | --- | --- | --- | --- |\n");
        foreach (var (of, sizes) in Growing)
        {
            await using var shop = await MeasuredShop.Start(Repository.Root, ["embedded"], ct);
            using var market = await Market.Open(shop.Url, Sellers, People, ct);
            await WarmUp.UntilSteady(market, People, ct);
            var (costs, now, streams) = (new List<double>(), 0, new List<HttpResponseMessage>());
            foreach (var size in sizes)
            {
                for (; now < size; now++) await Grow(of, market, streams, ct);
                var cpu = ProcessTree.CpuOf(shop.Id);
                var made = (await market.Trade(People, Turn, ct)).Whole.Count;
                costs.Add((ProcessTree.CpuOf(shop.Id) - cpu).TotalMilliseconds / made);
            }

            streams.ForEach(stream => stream.Dispose());
            var row = string.Create(CultureInfo.InvariantCulture,
                $"| {of}: {string.Join(", ", sizes)} | {string.Join(" | ", costs.Select(cost => $"{cost:0} ms"))} | {costs[^1] / costs[0]:0.00} |\n");
            Console.Write(row);
            table.Append(row);
        }

        MeasuredPage.Write("growth", table.ToString());
        return 0;
    }

    static async Task Grow(string of, Market market, List<HttpResponseMessage> streams, CancellationToken ct)
    {
        if (of == "live listing streams")
        {
            streams.Add(await market.Watch("/api/tickets/live", ct));
            return;
        }

        var ticket = await market.List("Row G", ct);
        if (of != "held tickets") return;
        using var placed = await market.Place(Random.Shared.Next(market.Buyers), ticket, ct);
        placed.EnsureSuccessStatusCode();
    }
}
