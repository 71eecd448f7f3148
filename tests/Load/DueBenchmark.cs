using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>
/// Many holds end together. The deadline service is stopped while they become due and goes on when all are, so that all
/// are due at once; the time until the last ticket is free is divided by that of as many updates of one row each.
/// </summary>
static class DueBenchmark
{
    const int Sellers = 100, Buyers = 100, Clients = 8, PlacedPerSecondMin = 40;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task<int> Run(int holds, CancellationToken ct)
    {
        var hold = 30 + holds / PlacedPerSecondMin;
        await using var postgres = await PgBench.Start(ct);
        await using var shop = await MeasuredShop.Start(Repository.Root, ["postgres", "rabbitmq"], ct, hold);
        using var market = await Market.Open(shop.Url, Sellers, Buyers, ct);
        await WarmUp.UntilSteady(market, people: 6, ct);
        await market.Stock(holds, ct);
        var orders = new ConcurrentQueue<(int Buyer, string Order, DateTimeOffset Due)>();
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, holds, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = ct }, async (i, each) =>
        {
            using var placed = await market.Place(i % Buyers, market.FromStock(), each);
            placed.EnsureSuccessStatusCode();
            using var order = JsonDocument.Parse(await placed.Content.ReadAsStringAsync(each));
            orders.Enqueue((i % Buyers, order.RootElement.GetProperty("id").GetString()!, order.RootElement.GetProperty("expiresAt").GetDateTimeOffset()));
        });
        Console.WriteLine($"{holds} placed in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        var first = orders.Min(order => order.Due);
        if (DateTimeOffset.UtcNow > first) return MeasuredPage.Refuse("The first hold was due before the last was placed.");
        var early = 0;
        foreach (var (buyer, order, _) in orders.Take(Buyers))
            if (await IsOver(market, buyer, order, ct)) early++;
        var expiration = ProcessTree.Find(shop.Id, "Ticketing.Expiration.dll")[^1];
        ProcessTree.Signal(expiration, "STOP");
        await Task.Delay(orders.Max(order => order.Due) - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1), ct);
        var from = Stopwatch.GetTimestamp();
        ProcessTree.Signal(expiration, "CONT");
        await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct }, async (order, each) =>
        {
            while (!await IsOver(market, order.Buyer, order.Order, each)) await Task.Delay(Look, each);
        });
        var released = Stopwatch.GetElapsedTime(from);
        var updates = holds / await postgres.UpdatesPerSecond(Clients, TimeSpan.FromSeconds(10), ct);
        MeasuredPage.Write("due", string.Create(CultureInfo.InvariantCulture, $"""
            | {holds:N0} holds that end together (postgres, rabbitmq) | | bound |
            | --- | --- | --- |
            | ended before their time | {early} | 0 |
            | until the last order is cancelled | {released.TotalSeconds:0.0} s, {holds / released.TotalSeconds:0} a second | |
            | ÷ the time of as many bare updates ({updates:0.0} s) | {released.TotalSeconds / updates:0.0} | 2 |
            """));
        return 0;
    }

    static async Task<bool> IsOver(Market market, int buyer, string order, CancellationToken ct)
    {
        using var answer = await market.Get($"/api/orders/{order}", ct, buyer);
        if (!answer.IsSuccessStatusCode) return false;
        using var read = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ct));
        return read.RootElement.GetProperty("status").GetString() == "cancelled";
    }
}
