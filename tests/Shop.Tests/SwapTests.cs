using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>The same binaries on every store and every broker: nothing changes but YAML.</summary>
public sealed class SwapTests(Servers servers, SwapTable table, ITestOutputHelper output) : IClassFixture<SwapTable>
{
    static TimeSpan Soon => MachineLoad.Seconds(10);

    /// <summary>Real servers for both. With <c>SWAPS=all</c> each store with each broker, which takes long.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> Pairs =>
        from store in SwapTable.Stores
        from broker in SwapTable.Brokers
        where Environment.GetEnvironmentVariable("SWAPS") == "all" || (store, broker) == ("postgres", "rabbitmq")
        select new TheoryDataRow<string, string>(store, broker);

    [Theory, MemberData(nameof(Pairs))]
    public async Task Any_store_goes_with_any_broker(string store, string broker)
    {
        string[] sets =
            ["--components", await servers.CleanComponents(store), "--broker", await servers.CleanComponents(broker)];
        var watch = Stopwatch.StartNew();
        await using var shop = await KillableShop.Start(MachineLoad.Seconds(8), sets, $"swap-{store}-{broker}");
        var client = new ShopClient(shop);
        client.AddPeople(await Crowd.SignUp(shop));
        Step("open");

        var (forgotten, buyer) = await LeaveUnpaid(client);
        await PurchaseAndRefund(client);
        Step("purchase and refund");
        await Crowd.BuyAtOnce(client);
        Step("crowd");
        await using var traffic = Traffic.Start(client, leaveUnpaid: false);
        await traffic.RunDeals();
        await shop.KillAll();
        await shop.Restart(sets);
        Step("killed and open again");
        await traffic.RunDeals();
        await traffic.Stop();
        await IsExpired(client, forgotten, buyer);
        Step("expiry");
        await Audit.Passes(client, shop.Hold + Soon);
        Step($"at rest: {client.Acknowledged}");
        table.Passed(store, broker, watch.Elapsed);

        void Step(string what) => output.WriteLine($"{watch.Elapsed.TotalSeconds,5:0.0} s  {what}");
    }

    static async Task<(string Order, Person Buyer)> LeaveUnpaid(ShopClient client)
    {
        var (seller, buyer) = (await client.SignUp(), await client.SignUp());
        var offer = await client.List(seller, 3000);
        var order = await ShopClient.RetryWhileUnsure(() => client.Buy(buyer, offer, 3000));
        return (order.Text("id"), buyer);
    }

    static async Task IsExpired(ShopClient client, string order, Person buyer)
    {
        var ended = await client.WaitForStatus(buyer, order, client.Shop.Hold + Soon, "cancelled");
        Assert.Equal("expired", ended?.Text("reason"));
    }

    static async Task PurchaseAndRefund(ShopClient client)
    {
        var (seller, buyer) = (await client.SignUp(), await client.SignUp());
        var offer = await client.List(seller, 4550);
        Assert.Equal(200, (await client.Edit(offer, 4000)).Status);
        var order = (await ShopClient.RetryWhileUnsure(() => client.Buy(buyer, offer, 4000))).Text("id");
        Assert.NotNull(await client.WaitForStatus(buyer, order, Soon, "awaitingPayment"));
        Assert.Equal("ticket-locked", (await client.Edit(offer, 1)).Code);
        var declined = await ShopClient.RetryWhileUnsure(() => client.Pay(buyer, order, ShopClient.BadCard));
        Assert.Equal(402, declined.Status);
        Assert.True((await ShopClient.RetryWhileUnsure(() => client.Pay(buyer, order))).IsSuccess);
        Assert.NotNull(await client.WaitForStatus(buyer, order, Soon, "complete"));
        Assert.Equal(202, (await client.Refund(seller, order)).Status);
        Assert.NotNull(await client.WaitForStatus(buyer, order, Soon, "refunded"));
    }
}

/// <summary>The table of <c>docs/performance.md</c>, written with <c>SWAPS=all UPDATE_DOCS=1</c> if all nine have passed.</summary>
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
