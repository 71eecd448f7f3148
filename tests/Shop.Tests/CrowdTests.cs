using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>Many buyers at once for one ticket.</summary>
public sealed class CrowdTests(CrowdFixture crowd, ITestOutputHelper output) : IClassFixture<CrowdFixture>
{
    const int Races = 100;

    /// <summary>What the seller changes while the ticket is being bought, one after the other.</summary>
    static readonly (string Term, object Value)[] Edits =
    [
        ("price", 100_000), ("currency", "gbp"), ("title", "Another show"), ("seat", "Row Z"),
        ("startsAt", "2091-01-01T20:00:00Z"),
    ];

    static readonly string[] Terms = ["price", "currency", "title", "seat", "startsAt"];
    static TimeSpan Soon => MachineLoad.Seconds(10);

    [Fact]
    public async Task Of_two_hundred_clicks_exactly_one_gets_the_ticket()
    {
        var client = new ShopClient(crowd.Shop);
        client.AddPeople(await Crowd.SignUp(crowd.Shop));
        await Crowd.BuyAtOnce(client);
        await Audit.Passes(client, Soon);
    }

    // Either the order comes first, at the terms its buyer saw, or the new terms. Never an order at the new terms.
    [Fact]
    public async Task Nobody_gets_an_order_at_terms_he_did_not_see()
    {
        var client = new ShopClient(crowd.Shop);
        var (seller, first, second) = (await client.SignUp(), await client.SignUp(), await client.SignUp());
        var (bought, edited, random, took) = (0, 0, new Random(1), TimeSpan.Zero);
        for (var race = 0; race < Races; race++)
        {
            var (offer, saw) = (await client.List(seller, price: 1000 + race), 1000 + race);
            var shown = TermsOf(await client.Shop.Send(HttpMethod.Get, $"/api/tickets/{offer.Id}"));
            var (term, value) = Edits[race % Edits.Length];
            if (term == "title") value = $"{value} {client.Mark}";
            var watch = Stopwatch.StartNew();
            // At a different moment of the purchase each time.
            var edit = After(took * random.NextDouble(),
                () => client.Edit(offer, term == "price" ? 100_000 : saw, (term, value)));
            var clicks = await Task.WhenAll(client.Buy(first, offer, saw, terms: 1), client.Buy(second, offer, saw, terms: 1));
            took = watch.Elapsed;
            Assert.Contains((await edit).Status, (int[])[200, 409]);
            foreach (var (click, buyer) in clicks.Zip([first, second]).Where(pair => pair.First.Status == 201))
            {
                var order = await client.WaitForStatus(buyer, click.Text("id"), Soon, "awaitingPayment", "cancelled");
                Assert.NotNull(order);
                Assert.Equal(shown, TermsOf(order));
                if (order.Text("status") is "cancelled") continue;
                var ticket = await client.Shop.Send(HttpMethod.Get, $"/api/tickets/{offer.Id}");
                Assert.Equal(shown, TermsOf(ticket));
                bought++;
                Assert.True((await client.GiveUp(buyer, order.Text("id"))).IsSuccess);
            }

            foreach (var refused in clicks.Where(click => click.Code == "terms-changed"))
                Assert.Equal(value.ToString(), refused.Body.GetProperty(term).ToString().Replace("+00:00", "Z"));
            if ((await edit).Status == 200) edited++;
        }

        output.WriteLine($"{Races} races: {bought} bought, {edited} edited");
        Assert.True(bought > 0 && edited > 0, $"There was no race: {bought} bought, {edited} edited.");
        await Audit.Passes(client, Soon);
    }

    static string TermsOf(Reply shown) => string.Join(" · ", Terms.Select(term => shown.Body.GetProperty(term)));

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
