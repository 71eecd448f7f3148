using System.Diagnostics;
using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>What the whole shop takes and does on one machine, and whether its books are right afterwards.</summary>
static class ShopBenchmark
{
    const int Buyers = 16, Sellers = 4, Traders = 6;
    const double MegaByte = 1e6;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10), Measured = TimeSpan.FromSeconds(20), Settling = TimeSpan.FromSeconds(60), Rest = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(CancellationToken ct)
    {
        var data = TestFolder.New("load");
        // Limits per person are raised: this one machine plays thousands of people.
        var environment = new Dictionary<string, string> { ["RateLimits__Multiplier"] = "100000", ["Tickets__OpenListingsMax"] = "1000000" };
        var started = Stopwatch.GetTimestamp();
        await using var shop = ShopProcess.Start(["run", "--project", "local/Run", "--"], ["--data", data], environment);
        var url = await shop.Ready(ct);
        var ready = Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"ready after {ready.TotalSeconds:0.0} s");
        // Warm-up: the runtime is still compiling hot code.
        await Task.Delay(Settling, ct);
        var (cpu, idle) = (ProcessTree.CpuOf(shop.Id), Stopwatch.GetTimestamp());
        await Task.Delay(Rest, ct);
        var idleCores = (ProcessTree.CpuOf(shop.Id) - cpu) / Stopwatch.GetElapsedTime(idle);
        var memory = ProcessTree.MemoryOf(shop.Id);

        using var market = await Market.Open(url, Sellers, Buyers, ct);
        var cold = await market.Trade(Traders, Measured, ct);
        await SelfTest(shop, market, ct);
        var warm = await market.Buy(perSecondMax: 200, WarmUp, ct);
        var closed = await market.Buy(perSecondMax: 2 * warm.Completed / WarmUp.TotalSeconds + 20, Measured, ct);
        var rate = closed.Completed / Measured.TotalSeconds;
        Console.WriteLine($"{warm.Completed} warm, then {closed.Completed} purchases in {Measured.TotalSeconds} s");
        var open = await market.BuyAt(rate / 2, Measured, ct);
        var hot = await market.Trade(Traders, Measured, ct);
        Console.WriteLine($"{cold:0.0} purchases a second in the first {Measured.TotalSeconds} s of load, {hot:0.0} in the last");
        var busy = ProcessTree.MemoryOf(shop.Id);
        if (await market.Wrong(ct) is { } wrong)
        {
            Console.WriteLine($"No number is worth anything: {wrong}");
            return 1;
        }

        var table = string.Create(CultureInfo.InvariantCulture, $"""
            | | |
            | --- | --- |
            | `dotnet run --project local/Run` on a built tree, until a purchase would work | {ready.TotalSeconds:0.0} s |
            | memory of everything ({memory.Processes} processes, `dotnet run` itself included): resident / each page once | {memory.Resident / MegaByte:0} MB / {memory.Proportional / MegaByte:0} MB |
            | the same after {market.Completed} purchases | {busy.Resident / MegaByte:0} MB / {busy.Proportional / MegaByte:0} MB |
            | processor while nobody does anything, a minute later | {idleCores * 100:0} % of a core |
            | purchases from *place* to *complete*, {Buyers} buyers without a pause | {rate:0} a second |
            | listing and buying, {Traders} people: in the first {Measured.TotalSeconds:0} s of load / when warm | {cold:0} a second / {hot:0} a second ({cold / hot * 100:0} %) |
            | placing an order at half that rate, from when it was due: p50 / p99 | {open.Placing.P50:0.0} ms / {open.Placing.P99:0} ms |
            | from placing to complete at half that rate: p50 / p99 | {open.Whole.P50:0} ms / {open.Whole.P99:0} ms |

            """);
        Console.WriteLine(table);
        MeasuredPage.Write("shop", table);
        return 0;
    }

    /// <summary>A stall of a second must show in what is measured, or nothing that is measured means anything.</summary>
    static async Task SelfTest(ShopProcess shop, Market market, CancellationToken ct)
    {
        var orders = ProcessTree.Find(shop.Id, "Ticketing.Orders.dll")[0];
        var measured = market.BuyAt(perSecond: 5, TimeSpan.FromSeconds(4), ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        ProcessTree.Signal(orders, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(1), ct);
        ProcessTree.Signal(orders, "CONT");
        var slowest = (await measured).Placing.Max;
        if (slowest < 900) throw new InvalidOperationException($"A stall of 1 s was seen as {slowest:0} ms.");
    }
}
