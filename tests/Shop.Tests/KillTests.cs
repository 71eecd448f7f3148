namespace Ticketing.Shop.Tests;

/// <summary><c>kill -9</c> in the middle of purchases.</summary>
public sealed class KillTests(Servers servers, RecoveryTable recovery, ITestOutputHelper output)
{
    /// <summary>Short: the test waits for the end of holds that were left unpaid.</summary>
    readonly TimeSpan _hold = MachineLoad.Seconds(8);

    [Fact]
    public async Task Each_service_dies_in_turn_and_nothing_is_lost()
    {
        await using var shop = await KillableShop.Start(_hold, []);
        var client = new ShopClient(shop);
        await using var traffic = Traffic.Start(client);
        foreach (var service in KillableShop.Services)
        {
            await traffic.RunDeals();
            shop.Kill(service);
            await IsBack(client, service, RecoveryTable.Service);
        }

        await Ends(client, traffic);
    }

    // The old broker is not drained first, as an operator would: its undelivered messages are lost.
    [Fact, Trait("Length", "long")]
    public async Task Everything_dies_and_comes_back_with_another_broker_and_nothing_is_lost()
    {
        await using var shop = await KillableShop.Start(_hold, []);
        var client = new ShopClient(shop);
        await using var traffic = Traffic.Start(client);
        await traffic.RunDeals();
        await shop.KillAll();
        await shop.Restart(["--broker", await servers.CleanComponents("redis")]);
        await traffic.RunDeals();
        await Ends(client, traffic);
    }

    // The other replica goes on, and gets the messages that the killed one had not acknowledged.
    [Fact, Trait("Length", "long")]
    public async Task One_of_two_of_each_service_dies_and_nothing_is_lost()
    {
        await using var shop = await KillableShop.Start(_hold, ["--replicas", "2"]);
        var client = new ShopClient(shop);
        await using var traffic = Traffic.Start(client);
        foreach (var service in KillableShop.Services)
        {
            await traffic.RunDeals();
            shop.Kill(service);
            await IsBack(client, service, RecoveryTable.Replica);
        }

        await Ends(client, traffic);
    }

    // Its timers are lost, its reminders are not. There is no second purchase here, which would end the hold as well.
    [Fact, Trait("Length", "long")]
    public async Task A_hold_that_runs_out_while_nobody_watches_ends_when_expiration_is_back()
    {
        await using var shop = await KillableShop.Start(_hold, []);
        var client = new ShopClient(shop);
        var (seller, buyer) = (await client.SignUp(), await client.SignUp());
        var order = await client.Buy(buyer, await client.List(seller, 1000), 1000);
        var (id, deadline) = (order.Text("id"), order.Time("expiresAt"));
        Assert.NotNull(await client.WaitForStatus(buyer, id, _hold, "awaitingPayment"));
        shop.Kill("expiration");
        var ended = await client.WaitForStatus(buyer, id, _hold + MachineLoad.Seconds(20), "cancelled");
        var late = DateTimeOffset.UtcNow - deadline;
        Assert.Equal("expired", ended?.Text("reason"));
        output.WriteLine($"expired {late.TotalSeconds:0.0} s late");
        await Audit.Passes(client, _hold + MachineLoad.Seconds(20));
    }

    async Task IsBack(ShopClient client, string service, string accident)
    {
        var took = await Purchases.UntilOneWorks(client);
        output.WriteLine($"{service}: a purchase works again {took.TotalSeconds:0.0} s after kill -9");
        recovery.Add(accident, took);
    }

    async Task Ends(ShopClient client, Traffic traffic)
    {
        await traffic.Stop();
        var took = await Audit.Passes(client, _hold + MachineLoad.Seconds(20));
        output.WriteLine($"{client.Acknowledged}: at rest after {took.TotalSeconds:0.0} s, {traffic.Done} deals");
    }
}
