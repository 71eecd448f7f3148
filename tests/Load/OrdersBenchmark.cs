using System.Diagnostics;
using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>
/// Orders placed a second, each durable in the store when it is answered, beside what <c>pgbench</c> can do with the
/// same number of clients: durable updates of one row each, in a PostgreSQL of its own.
/// </summary>
static class OrdersBenchmark
{
    const int Clients = 6, Sellers = 30, Buyers = 200, RoundsMade = 5;
    const double Headroom = 3;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    static readonly string[][] Sets = [["embedded"], ["postgres", "rabbitmq"]];

    public static async Task<int> Run(CancellationToken ct)
    {
        await using var postgres = await PgBench.Start(ct);
        var table = "| components | orders a second | p50 / p99 | `pgbench` updates a second | ratio | bound |\n| --- | --- | --- | --- | --- | --- |\n";
        foreach (var set in Sets)
        {
            await using var shop = await MeasuredShop.Start(Repository.Root, set, ct);
            using var market = await Market.Open(shop.Url, Sellers, Buyers, ct);
            await WarmUp.UntilSteady(market, Clients, ct);
            var (orders, updates, p50, p99) = (new Rounds(), new Rounds(), new Rounds(), new Rounds());
            var expected = 200.0;
            for (var round = 0; round < RoundsMade; round++)
            {
                await market.Stock((int)(expected * Headroom * Turn.TotalSeconds), ct);
                var (placing, placed) = (new Latencies(), 0);
                var from = Stopwatch.GetTimestamp();
                await Pace.Flat(Clients, Turn, async _ =>
                {
                    using var answer = await placing.Time(() => market.Place(Random.Shared.Next(Buyers), market.FromStock(), ct));
                    answer.EnsureSuccessStatusCode();
                    Interlocked.Increment(ref placed);
                }, ct);
                orders.Add(expected = placed / Stopwatch.GetElapsedTime(from).TotalSeconds);
                p50.Add(placing.P50);
                p99.Add(placing.P99);
                updates.Add(await postgres.UpdatesPerSecond(Clients, Turn, ct));
            }

            var row = string.Create(CultureInfo.InvariantCulture,
                $"| {string.Join(", ", set)} | {orders.Text("0")} | {p50.Text("0.0")} / {p99.Text("0")} ms | {updates.Text("0")} | **{orders.Over(updates).Text("0.000")}** | 0.03 |\n");
            Console.Write(row);
            table += row;
        }

        MeasuredPage.Write("orders", table);
        return 0;
    }
}
