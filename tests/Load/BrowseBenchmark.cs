using System.Diagnostics;
using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>A shop with many listings: how fast it is searched, what a listing takes, and how soon a new process knows all.</summary>
static class BrowseBenchmark
{
    const int Sellers = 100, PerSecond = 100;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(20);
    static readonly string[] Pages = ["/api/tickets", "/api/tickets?q=seat+4711", "/api/tickets?sort=price", "/"];

    public static async Task<int> Run(int listings, CancellationToken ct)
    {
        await using var shop = await MeasuredShop.Start(Repository.Root, ["embedded"], ct);
        using var market = await Market.Open(shop.Url, Sellers, buyers: 1, ct);
        await market.Stock(1000, ct);
        var empty = Memory(shop);
        var from = Stopwatch.GetTimestamp();
        await market.Stock(listings, ct);
        Console.WriteLine($"{listings} listed in {Stopwatch.GetElapsedTime(from).TotalSeconds:0} s");
        var taken = Memory(shop) - empty;
        var rows = "";
        foreach (var page in Pages)
        {
            var latencies = new Latencies();
            await Pace.Steady(PerSecond, Turn, async (_, due) =>
            {
                using var answer = await market.Get(page, ct);
                answer.EnsureSuccessStatusCode();
                latencies.Add(Stopwatch.GetElapsedTime(due));
            }, ct);
            rows += string.Create(CultureInfo.InvariantCulture, $"| `{page}`, {PerSecond} a second: p50 / p99 | {latencies.P50:0.0} / {latencies.P99:0} ms |\n");
        }

        ProcessTree.Signal(Tickets(shop), "KILL");
        var killed = Stopwatch.GetTimestamp();
        while (!await Answers(market, ct)) await Task.Delay(TimeSpan.FromMilliseconds(50), ct);
        var back = Stopwatch.GetElapsedTime(killed);
        MeasuredPage.Write("browse", string.Create(CultureInfo.InvariantCulture, $"""
            | {listings:N0} listings | |
            | --- | --- |
            {rows}| memory of the service a listing | {taken / (double)(listings - 1000) / 1000:0.0} kB |
            | after `kill -9` of the service, until the whole list is answered again | {back.TotalSeconds:0.0} s |
            """));
        return 0;
    }

    static int Tickets(MeasuredShop shop) => ProcessTree.Find(shop.Id, "Ticketing.Tickets.dll")[^1];

    static long Memory(MeasuredShop shop) => ProcessTree.MemoryOf(Tickets(shop)).Proportional;

    static async Task<bool> Answers(Market market, CancellationToken ct)
    {
        using var answer = await market.Get("/api/tickets", ct);
        return answer.IsSuccessStatusCode;
    }
}
