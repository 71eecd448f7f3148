namespace Ticketing.Shop.Tests;

/// <summary>The store or the broker is killed during purchases, and started again.</summary>
public sealed class OutageTests(Servers servers, RecoveryTable recovery, ITestOutputHelper output)
{
    static readonly TimeSpan OutageLasts = TimeSpan.FromSeconds(3);

    [Fact, Trait("Length", "long")]
    public Task Rabbit_and_then_postgres_die_and_nothing_is_lost() =>
        Dies("postgres", "rabbitmq", [], "rabbitmq", "postgres");

    // In addition, one delivery in ten is acknowledged and never made; others come twice, late, out of order or fail.
    [Fact]
    public Task Redis_dies_while_messages_go_astray_and_nothing_is_lost() =>
        Dies("redis", "redis", ["--chaos", "11"], "redis");

    async Task Dies(string store, string broker, string[] options, params string[] victims)
    {
        string[] sets =
            ["--components", await servers.CleanComponents(store), "--broker", await servers.CleanComponents(broker)];
        await using var shop = await KillableShop.Start(
            MachineLoad.Seconds(8), [.. sets, .. options], $"outage-{store}-{broker}");
        var client = new ShopClient(shop);
        await using var traffic = Traffic.Start(client);
        foreach (var victim in victims)
        {
            var server = await servers.Of(victim);
            await traffic.RunDeals();
            await server.Kill();
            await Task.Delay(OutageLasts);
            await server.Start();
            var took = await Purchases.UntilOneWorks(client);
            output.WriteLine($"{victim}: a purchase works {took.TotalSeconds:0.0} s after the server is back");
            recovery.Add(SwapTable.Names[victim], took);
        }

        await traffic.RunDeals();
        await traffic.Stop();
        var settled = await Audit.Passes(client, shop.Hold + MachineLoad.Seconds(20));
        output.WriteLine($"{client.Acknowledged}: at rest after {settled.TotalSeconds:0.0} s, {traffic.Done} deals");
    }
}
