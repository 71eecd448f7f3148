using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>The same binaries on every store and every broker: nothing changes but YAML.</summary>
public sealed class SwapTests(Servers servers, SwapTable table, ITestOutputHelper output) : IClassFixture<SwapTable>
{
    static TimeSpan Soon => Machine.Seconds(10);

    /// <summary>Real servers for both; with <c>SWAPS=all</c> each store with each broker, which takes its time.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Pairs =>
        from store in SwapTable.Stores
        from broker in SwapTable.Brokers
        where Environment.GetEnvironmentVariable("SWAPS") == "all" || (store, broker) == ("postgres", "rabbitmq")
        select new TheoryDataRow<string, string>(store, broker);

    [Theory, MemberData(nameof(Pairs))]
    public async Task Any_store_goes_with_any_broker(string store, string broker)
    {
        string[] sets = ["--components", await servers.Fresh(store), "--broker", await servers.Fresh(broker)];
        var watch = Stopwatch.StartNew();
        await using var shop = await Premises.Open(Machine.Seconds(8), sets, $"swap-{store}-{broker}");
        var market = new Market(shop);
        market.Welcome(await Crowd.Gather(shop));
        Step("open");

        var (forgotten, walksAway) = await WalkAway(market);
        await Journey(market);
        Step("journey");
        await Crowd.Rush(market);
        Step("rush");
        await using var traffic = Traffic.Start(market, walkingAway: false);
        await traffic.Flows();
        await shop.KillAll();
        await shop.Reopen(sets);
        Step("killed and open again");
        await traffic.Flows();
        await traffic.Stops();
        await IsExpired(market, forgotten, walksAway);
        Step("expiry");
        await Audit.Passes(market, shop.Hold + Soon);
        Step($"at rest: {market.Told}");
        table.Passed(store, broker, watch.Elapsed);

        void Step(string what) => output.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s  {what}");
    }

    static async Task<(string Order, Person Buyer)> WalkAway(Market market)
    {
        var (seller, buyer) = (await market.SignUp(), await market.SignUp());
        var offer = await market.List(seller, 3000);
        var order = await Market.Insist(() => market.Buy(buyer, offer, 3000));
        return (order.Text("id"), buyer);
    }

    static async Task IsExpired(Market market, string order, Person buyer)
    {
        var ended = await market.Becomes(buyer, order, market.Shop.Hold + Soon, "cancelled");
        Assert.Equal("expired", ended?.Text("reason"));
    }

    static async Task Journey(Market market)
    {
        var (seller, buyer) = (await market.SignUp(), await market.SignUp());
        var offer = await market.List(seller, 4550);
        Assert.Equal(200, (await market.Edit(offer, 4000)).Status);
        var order = (await Market.Insist(() => market.Buy(buyer, offer, 4000))).Text("id");
        Assert.NotNull(await market.Becomes(buyer, order, Soon, "awaitingPayment"));
        Assert.Equal("ticket-locked", (await market.Edit(offer, 1)).Code);
        Assert.Equal(402, (await Market.Insist(() => market.Pay(buyer, order, Market.BadCard))).Status);
        Assert.True((await Market.Insist(() => market.Pay(buyer, order))).IsYes);
        Assert.NotNull(await market.Becomes(buyer, order, Soon, "complete"));
        Assert.Equal(202, (await market.Refund(seller, order)).Status);
        Assert.NotNull(await market.Becomes(buyer, order, Soon, "refunded"));
    }
}

/// <summary>The table of <c>docs/measurements.md</c>, written with <c>SWAPS=all UPDATE_DOCS=1</c> if all nine have passed.</summary>
public sealed class SwapTable : IAsyncDisposable
{
    public static readonly string[] Stores = ["embedded", "redis", "postgres"];
    public static readonly string[] Brokers = ["embedded", "redis", "rabbitmq"];

    internal static readonly Dictionary<string, string> Names = new()
    {
        ["embedded"] = "SQLite", ["redis"] = "Redis", ["postgres"] = "PostgreSQL", ["rabbitmq"] = "RabbitMQ",
    };

    readonly ConcurrentDictionary<(string, string), TimeSpan> _passed = new();

    internal void Passed(string store, string broker, TimeSpan took) => _passed[(store, broker)] = took;

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1" && _passed.Count == Stores.Length * Brokers.Length)
            MeasuredPage.Write("swaps", await Markdown());
    }

    async Task<string> Markdown()
    {
        var parts = $"Redis {await RealServer.Version("redis-server", "--version")}, "
            + $"RabbitMQ {await RealServer.Version("rabbitmqctl", "version")}, "
            + $"PostgreSQL {await RealServer.Version("postgres", "--version")}";
        IEnumerable<string> lines =
        [
            $"| store \\ broker | {string.Join(" | ", Brokers.Select(broker => Names[broker]))} |",
            $"| --- |{string.Concat(Brokers.Select(_ => " --- |"))}",
            .. Stores.Select(store => $"| {Names[store]} | {string.Join(" | ", Brokers.Select(broker =>
                $"passed, {_passed[(store, broker)].TotalSeconds:0} s"))} |"),
            "",
            $"{parts}; {DateTimeOffset.UtcNow:yyyy-MM-dd}.",
        ];
        return string.Join('\n', lines);
    }
}
