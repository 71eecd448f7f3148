using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>Many buyers at once for one ticket.</summary>
public sealed class CrowdTests(CrowdFixture crowd, ITestOutputHelper output) : IClassFixture<CrowdFixture>
{
    const int Races = 60;
    static TimeSpan Soon => MachineLoad.Seconds(10);

    [Fact]
    public async Task Of_two_hundred_clicks_exactly_one_gets_the_ticket()
    {
        var client = new ShopClient(crowd.Shop);
        client.AddPeople(await Crowd.SignUp(crowd.Shop));
        await Crowd.BuyAtOnce(client);
        await Audit.Passes(client, Soon);
    }

    // Either the order comes first, at the price its buyer saw, or the new price. Never an order at the new price.
    [Fact]
    public async Task Nobody_gets_an_order_at_a_price_he_did_not_see()
    {
        var client = new ShopClient(crowd.Shop);
        var (seller, first, second) = (await client.SignUp(), await client.SignUp(), await client.SignUp());
        var (bought, edited, random, took) = (0, 0, new Random(1), TimeSpan.Zero);
        for (var race = 0; race < Races; race++)
        {
            var (offer, saw) = (await client.List(seller, price: 1000 + race), 1000 + race);
            var watch = Stopwatch.StartNew();
            // At a different moment of the purchase each time.
            var edit = After(took * random.NextDouble(), () => client.Edit(offer, 100_000));
            var clicks = await Task.WhenAll(client.Buy(first, offer, saw), client.Buy(second, offer, saw));
            took = watch.Elapsed;
            Assert.Contains((await edit).Status, (int[])[200, 409]);
            foreach (var (click, buyer) in clicks.Zip([first, second]).Where(pair => pair.First.Status == 201))
            {
                var order = await client.WaitForStatus(buyer, click.Text("id"), Soon, "awaitingPayment", "cancelled");
                Assert.NotNull(order);
                Assert.Equal(saw, order.Number("price"));
                if (order.Text("status") is "cancelled") continue;
                var ticket = await client.Shop.Send(HttpMethod.Get, $"/api/tickets/{offer.Id}");
                Assert.Equal(saw, ticket.Number("price"));
                bought++;
                Assert.True((await client.GiveUp(buyer, order.Text("id"))).IsSuccess);
            }

            if ((await edit).Status == 200) edited++;
        }

        output.WriteLine($"{Races} races: {bought} bought, {edited} edited");
        Assert.True(bought > 0 && edited > 0, $"There was no race: {bought} bought, {edited} edited.");
        await Audit.Passes(client, Soon);
    }

    static async Task<Reply> After(TimeSpan wait, Func<Task<Reply>> ask)
    {
        await Task.Delay(wait);
        return await ask();
    }
}

/// <summary>One shop for these tests; its holds are too long to expire during a test.</summary>
public sealed class CrowdFixture : IAsyncLifetime
{
    internal KillableShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Shop = await KillableShop.Start(TimeSpan.FromMinutes(15), [], "crowd");

    public ValueTask DisposeAsync() => Shop.DisposeAsync();
}
