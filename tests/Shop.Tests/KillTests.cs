namespace Ticketing.Shop.Tests;

/// <summary><c>kill -9</c> in the middle of purchases.</summary>
public sealed class KillTests(Servers servers, RecoveryTable recovery, ITestOutputHelper output)
{
    /// <summary>Short, so that who walks away from a purchase keeps nobody waiting.</summary>
    readonly TimeSpan _hold = Machine.Seconds(8);

    [Fact]
    public async Task Each_service_dies_in_turn_and_nothing_is_lost()
    {
        await using var shop = await Premises.Open(_hold, []);
        var market = new Market(shop);
        await using var traffic = Traffic.Start(market);
        foreach (var service in Premises.Services)
        {
            await traffic.Flows();
            shop.Kill(service);
            await IsBack(market, service, RecoveryTable.Service);
        }

        await Ends(market, traffic);
    }

    // Not drained, as it should be: what the old broker still had in hand is lost for good.
    [Fact, Trait("Length", "long")]
    public async Task Everything_dies_and_comes_back_with_another_broker_and_nothing_is_lost()
    {
        await using var shop = await Premises.Open(_hold, []);
        var market = new Market(shop);
        await using var traffic = Traffic.Start(market);
        await traffic.Flows();
        await shop.KillAll();
        await shop.Reopen(["--broker", await servers.Fresh("redis")]);
        await traffic.Flows();
        await Ends(market, traffic);
    }

    // The other one goes on meanwhile; what the dead one had in hand comes to it.
    [Fact, Trait("Length", "long")]
    public async Task One_of_two_of_each_service_dies_and_nothing_is_lost()
    {
        await using var shop = await Premises.Open(_hold, ["--replicas", "2"]);
        var market = new Market(shop);
        await using var traffic = Traffic.Start(market);
        foreach (var service in Premises.Services)
        {
            await traffic.Flows();
            shop.Kill(service);
            await IsBack(market, service, RecoveryTable.Replica);
        }

        await Ends(market, traffic);
    }

    // Its timers die with it; the reminders wait for it, and a purchase after the deadline would not wait for either.
    [Fact, Trait("Length", "long")]
    public async Task A_hold_that_runs_out_while_nobody_watches_ends_when_expiration_is_back()
    {
        await using var shop = await Premises.Open(_hold, []);
        var market = new Market(shop);
        var (seller, buyer) = (await market.SignUp(), await market.SignUp());
        var order = await market.Buy(buyer, await market.List(seller, 1000), 1000);
        var (id, deadline) = (order.Text("id"), order.Time("expiresAt"));
        Assert.NotNull(await market.Becomes(buyer, id, _hold, "awaitingPayment"));
        shop.Kill("expiration");
        var ended = await market.Becomes(buyer, id, _hold + Machine.Seconds(20), "cancelled");
        var late = DateTimeOffset.UtcNow - deadline;
        Assert.Equal("expired", ended?.Text("reason"));
        output.WriteLine($"expired {late.TotalSeconds:0.0} s late");
        await Audit.Passes(market, _hold + Machine.Seconds(20));
    }

    async Task IsBack(Market market, string service, string accident)
    {
        var took = await Purchases.Work(market);
        output.WriteLine($"{service}: a purchase works again {took.TotalSeconds:0.0} s after kill -9");
        recovery.Add(accident, took);
    }

    async Task Ends(Market market, Traffic traffic)
    {
        await traffic.Stops();
        var took = await Audit.Passes(market, _hold + Machine.Seconds(20));
        output.WriteLine($"{market.Told}: at rest after {took.TotalSeconds:0.0} s, {traffic.Done} deals");
    }
}
