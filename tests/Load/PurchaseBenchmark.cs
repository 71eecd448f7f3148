using System.Globalization;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>
/// Whole purchases a second: list, place, pay, complete. With another commit's build beside this one, each with servers
/// of its own; they take turns in one run, so that a busy machine is busy for both.
/// </summary>
static class PurchaseBenchmark
{
    const int People = 6, Sellers = 30, RoundsMade = 5;
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(15), HalfLoad = TimeSpan.FromSeconds(10);

    static readonly string[][] Sets = [["embedded"], ["redis"], ["postgres", "rabbitmq"]];

    /// <param name="before">A commit to compare with; null: this build alone.</param>
    /// <param name="only">One set of <see cref="Sets"/> by its first name; null: all.</param>
    public static async Task<int> Run(string? before, string? only, CancellationToken ct)
    {
        List<string> roots = [Repository.Root];
        if (before is not null) roots.Add(await OtherBuild.Of(before, ct));
        var table = "| components | build | purchases a second | processor a purchase | placing at half load: p50 / p99 |\n| --- | --- | --- | --- | --- |\n";
        foreach (var set in Sets.Where(set => only is null || only == set[0]))
        {
            var arms = new List<Arm>();
            try
            {
                foreach (var root in roots) arms.Add(await Arm.Open(root, set, ct));
                for (var round = 0; round < RoundsMade; round++)
                    foreach (var arm in round % 2 == 0 ? arms : Enumerable.Reverse(arms))
                        await arm.Measure(ct);
                foreach (var arm in arms)
                    if (await arm.Market.Wrong(ct) is { } wrong) return MeasuredPage.Refuse(wrong);
                var rows = string.Concat(arms.Select((arm, i) => arm.Row(set, i == 0 ? "this" : $"`{before}`")));
                if (arms.Count > 1)
                    rows += $"| {string.Join(", ", set)} | **ratio** | **{arms[0].Rate.Over(arms[1].Rate).Text("0.00")}** | {arms[0].Cpu.Over(arms[1].Cpu).Text("0.00")} | {arms[0].Placing.Over(arms[1].Placing).Text("0.00")} |\n";
                Console.Write(rows);
                table += rows;
            }
            finally
            {
                foreach (var arm in arms) await arm.DisposeAsync();
            }
        }

        if (only is null) MeasuredPage.Write("purchases", table);
        return 0;
    }

    /// <summary>One build of the shop, and what was measured of it.</summary>
    sealed class Arm(MeasuredShop shop, Market market) : IAsyncDisposable
    {
        readonly Rounds _p99 = new();

        public Market Market => market;

        public Rounds Rate { get; } = new();

        /// <summary>Milliseconds of a core, servers and this client not counted.</summary>
        public Rounds Cpu { get; } = new();

        public Rounds Placing { get; } = new();

        public static async Task<Arm> Open(string root, string[] set, CancellationToken ct)
        {
            var shop = await MeasuredShop.Start(root, set, ct);
            var market = await Market.Open(shop.Url, Sellers, People, ct);
            await SelfTest.Passes(shop, market, ct);
            await WarmUp.UntilSteady(market, People, ct);
            return new(shop, market);
        }

        public async Task Measure(CancellationToken ct)
        {
            var cpu = ProcessTree.CpuOf(shop.Id);
            var flat = await market.Trade(People, Turn, ct);
            Cpu.Add((ProcessTree.CpuOf(shop.Id) - cpu).TotalMilliseconds / flat.Whole.Count);
            Rate.Add(flat.Completed / Turn.TotalSeconds);
            var half = await market.BuyAt(Rate.All[^1] / 2, HalfLoad, ct);
            Placing.Add(half.Placing.P50);
            _p99.Add(half.Placing.P99);
        }

        public string Row(string[] set, string build) => string.Create(CultureInfo.InvariantCulture,
            $"| {string.Join(", ", set)} | {build} | {Rate.Text("0.0")} | {Cpu.Text("0")} ms | {Placing.Text("0")} / {_p99.Text("0")} ms |\n");

        public async ValueTask DisposeAsync()
        {
            market.Dispose();
            await shop.DisposeAsync();
        }
    }
}
