using System.Diagnostics;
using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>What one command costs on a laptop: the time until the shop is ready, memory, an idle hour, the first minute.</summary>
static class StartBenchmark
{
    const int Traders = 6, Sellers = 30;
    const double MegaByte = 1e6;
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(60), Rest = TimeSpan.FromSeconds(20), Cold = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(CancellationToken ct)
    {
        // As people start it: Debug builds.
        var started = Stopwatch.GetTimestamp();
        await using var shop = ShopProcess.Start(
            ["run", "--project", "local/Run", "--"], ["--data", TestFolder.New("load")], MeasuredShop.Unlimited);
        var url = await shop.Ready(ct);
        var ready = Stopwatch.GetElapsedTime(started);
        Console.WriteLine($"ready after {ready.TotalSeconds:0.0} s");
        await Task.Delay(Settling, ct);
        var (cpu, idle) = (ProcessTree.CpuOf(shop.Id), Stopwatch.GetTimestamp());
        await Task.Delay(Rest, ct);
        var idleCores = (ProcessTree.CpuOf(shop.Id) - cpu) / Stopwatch.GetElapsedTime(idle);
        var memory = ProcessTree.MemoryOf(shop.Id);

        using var market = await Market.Open(url, Sellers, Traders, ct);
        var cold = (await market.Trade(Traders, Cold, ct)).Completed / Cold.TotalSeconds;
        var warm = await WarmUp.UntilSteady(market, Traders, ct);
        var busy = ProcessTree.MemoryOf(shop.Id);
        if (await market.Wrong(ct) is { } wrong) return MeasuredPage.Refuse(wrong);
        MeasuredPage.Write("start", string.Create(CultureInfo.InvariantCulture, $"""
            | | | bound |
            | --- | --- | --- |
            | `dotnet run --project local/Run` on a built tree, until a purchase would work | {ready.TotalSeconds:0.0} s | 10 s |
            | memory of everything ({memory.Processes} processes, `dotnet run` itself included), each page once | {memory.Proportional / MegaByte:0} MB | 600 MB |
            | the same, resident | {memory.Resident / MegaByte:0} MB | |
            | each page once, after {market.Completed} purchases | {busy.Proportional / MegaByte:0} MB | |
            | processor while nobody does anything, a minute later | {idleCores * 100:0.0} % of a core | 3 % |
            | listing and buying, {Traders} people: in the first {Cold.TotalSeconds:0} s of load / when warm | {cold:0.0} a second / {warm:0.0} a second ({cold / warm * 100:0} %) | 70 % |
            """));
        return 0;
    }
}
