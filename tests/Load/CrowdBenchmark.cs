using System.Diagnostics;
using System.Globalization;
using System.Net;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>A thousand buyers want one ticket: how cheaply the losers are told, and whether exactly one wins.</summary>
static class CrowdBenchmark
{
    const int Buyers = 1000, Sellers = 10, RoundsMade = 5, Clients = 16, SpreadTickets = 4000;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public static async Task<int> Run(CancellationToken ct)
    {
        // The store is Redis, whose own counters tell how often it was asked; the broker is another.
        await using var shop = await MeasuredShop.Start(Repository.Root, ["redis", "embedded"], ct);
        using var market = await Market.Open(shop.Url, Sellers, Buyers, ct);
        await WarmUp.UntilSteady(market, people: 6, ct);
        var redis = new RedisStatistics((await shop.Servers.Of("redis")).Port);

        var (answers, plain, trips) = (new Rounds(), new Rounds(), new Rounds());
        for (var round = 0; round < RoundsMade; round++)
        {
            var ticket = await market.List("The last one", ct);
            plain.Add(await AllAtOnce(async buyer => (await market.Get($"/api/tickets/{ticket}", ct, buyer)).Dispose()));
            var (winners, before) = (0, await redis.Commands(ct));
            answers.Add(await AllAtOnce(async buyer =>
            {
                using var answer = await market.Place(buyer, ticket, ct);
                if (answer.StatusCode is HttpStatusCode.Created) Interlocked.Increment(ref winners);
                else if (answer.StatusCode is not HttpStatusCode.Conflict)
                    throw new InvalidOperationException($"A loser was answered {(int)answer.StatusCode}.");
            }));
            trips.Add((double)(await redis.Commands(ct) - before) / Buyers);
            if (winners != 1) return MeasuredPage.Refuse($"{winners} buyers have the ticket.");
        }

        Console.WriteLine($"{trips.Text("0.000")} trips a buyer, {answers.Text("0")} ms, plain {plain.Text("0")} ms");
        var (hot, spread) = (new Rounds(), new Rounds());
        for (var round = 0; round < RoundsMade; round++)
        {
            var one = await market.List("Hot", ct);
            await market.Stock(SpreadTickets, ct);
            spread.Add(await Decisions(market, market.FromStock, ct));
            hot.Add(await Decisions(market, () => one, ct));
        }

        MeasuredPage.Write("crowd", string.Create(CultureInfo.InvariantCulture, $"""
            | | | bound |
            | --- | --- | --- |
            | {Buyers} buyers at once, one ticket: winners in each of {RoundsMade} rounds | 1 | 1 |
            | store commands a buyer | {trips.Text("0.000")} | 0.05 |
            | the last answer | {answers.Text("0")} ms | |
            | the last answer ÷ that of {Buyers} plain GETs of the ticket | {answers.Over(plain).Text("0.00")} | 1.5 |
            | decisions a second of {Clients} clients, all on one ticket / each on another | {hot.Text("0")} / {spread.Text("0")} | |
            | one ticket ÷ another each | {hot.Over(spread).Text("0.0")} | 0.6 |
            """));
        return 0;
    }

    /// <returns>Milliseconds until the last one is done.</returns>
    static async Task<double> AllAtOnce(Func<int, Task> work)
    {
        var from = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Buyers).Select(work));
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    static async Task<double> Decisions(Market market, Func<string> ticket, CancellationToken ct)
    {
        var count = 0;
        var from = Stopwatch.GetTimestamp();
        await Pace.Flat(Clients, Turn, async _ =>
        {
            using var answer = await market.Place(Random.Shared.Next(Buyers), ticket(), ct);
            if (answer.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.Conflict))
                throw new InvalidOperationException($"A buyer was answered {(int)answer.StatusCode}.");
            Interlocked.Increment(ref count);
        }, ct);
        return count / Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
