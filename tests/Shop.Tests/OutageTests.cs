namespace Ticketing.Shop.Tests;

/// <summary>The store or the broker dies in the middle of purchases, and comes back.</summary>
public sealed class OutageTests(Servers servers, RecoveryTable recovery, ITestOutputHelper output)
{
    static readonly TimeSpan OutageLasts = TimeSpan.FromSeconds(3);

    [Fact, Trait("Length", "long")]
    public Task Rabbit_and_then_postgres_die_and_nothing_is_lost() =>
        Dies("postgres", "rabbitmq", [], "rabbitmq", "postgres");

    // Besides, one delivery in ten is answered for and never made, others come twice, late, out of order or fail.
    [Fact]
    public Task Redis_dies_while_messages_go_astray_and_nothing_is_lost() =>
        Dies("redis", "redis", ["--chaos", "11"], "redis");

    async Task Dies(string store, string broker, string[] options, params string[] victims)
    {
        string[] sets = ["--components", await servers.Fresh(store), "--broker", await servers.Fresh(broker)];
        await using var shop = await Premises.Open(
            Machine.Seconds(8), [.. sets, .. options], $"outage-{store}-{broker}");
        var market = new Market(shop);
        await using var traffic = Traffic.Start(market);
        foreach (var victim in victims)
        {
            var server = await servers.Of(victim);
            await traffic.Flows();
            await server.Kill();
            await Task.Delay(OutageLasts);
            await server.Start();
            var took = await Purchases.Work(market);
            output.WriteLine($"{victim}: a purchase works {took.TotalSeconds:0.0} s after the server is back");
            recovery.Add(SwapTable.Names[victim], took);
        }

        await traffic.Flows();
        await traffic.Stops();
        var settled = await Audit.Passes(market, shop.Hold + Machine.Seconds(20));
        output.WriteLine($"{market.Told}: at rest after {settled.TotalSeconds:0.0} s, {traffic.Done} deals");
    }
}
