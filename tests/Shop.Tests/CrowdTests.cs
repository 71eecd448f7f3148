using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>Many at once, for one ticket.</summary>
public sealed class CrowdTests(CrowdedShop shop, ITestOutputHelper output) : IClassFixture<CrowdedShop>
{
    const int Races = 60;
    static TimeSpan Soon => Machine.Seconds(10);

    [Fact]
    public async Task Of_two_hundred_clicks_exactly_one_gets_the_ticket()
    {
        var market = new Market(shop.Premises);
        market.Welcome(await Crowd.Gather(shop.Premises));
        await Crowd.Rush(market);
        await Audit.Passes(market, Soon);
    }

    // Whichever comes first: the order at the price its buyer saw, or the new price. Never an order at the other.
    [Fact]
    public async Task Nobody_gets_an_order_at_a_price_he_did_not_see()
    {
        var market = new Market(shop.Premises);
        var (seller, first, second) = (await market.SignUp(), await market.SignUp(), await market.SignUp());
        var (bought, edited, random, took) = (0, 0, new Random(1), TimeSpan.Zero);
        for (var race = 0; race < Races; race++)
        {
            var (offer, saw) = (await market.List(seller, price: 1000 + race), 1000 + race);
            var watch = Stopwatch.StartNew();
            // At another moment of the purchase each time.
            var edit = After(took * random.NextDouble(), () => market.Edit(offer, 100_000));
            var clicks = await Task.WhenAll(market.Buy(first, offer, saw), market.Buy(second, offer, saw));
            took = watch.Elapsed;
            Assert.Contains((await edit).Status, (int[])[200, 409]);
            foreach (var (click, buyer) in clicks.Zip([first, second]).Where(pair => pair.First.Status == 201))
            {
                var order = await market.Becomes(buyer, click.Text("id"), Soon, "awaitingPayment", "cancelled");
                Assert.NotNull(order);
                Assert.Equal(saw, order.Number("price"));
                if (order.Text("status") is "cancelled") continue;
                var ticket = await market.Shop.Ask(HttpMethod.Get, $"/api/tickets/{offer.Id}");
                Assert.Equal(saw, ticket.Number("price"));
                bought++;
                Assert.True((await market.GiveUp(buyer, order.Text("id"))).IsYes);
            }

            if ((await edit).Status == 200) edited++;
        }

        output.WriteLine($"{Races} races: {bought} bought, {edited} edited");
        Assert.True(bought > 0 && edited > 0, $"There was no race: {bought} bought, {edited} edited.");
        await Audit.Passes(market, Soon);
    }

    static async Task<Reply> After(TimeSpan wait, Func<Task<Reply>> ask)
    {
        await Task.Delay(wait);
        return await ask();
    }
}

/// <summary>One shop for the tests of a crowd; nobody's hold ends by itself.</summary>
public sealed class CrowdedShop : IAsyncLifetime
{
    internal Premises Premises { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Premises = await Premises.Open(TimeSpan.FromMinutes(15), [], "crowd");

    public ValueTask DisposeAsync() => Premises.DisposeAsync();
}
