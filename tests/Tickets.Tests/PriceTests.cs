using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

/// <summary>What could never be paid is not listed, and the answer says why.</summary>
public class PriceTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    [Theory]
    [InlineData(1, "usd", "price", "from 0.50 to 999999.99")]
    [InlineData(49, "usd", "price", "from 50 to 99999999")]
    [InlineData(100_000_000, "usd", "price", "from 0.50 to 999999.99")]
    [InlineData(long.MaxValue, "usd", "price", "from 0.50 to 999999.99")]
    [InlineData(49, "jpy", "price", "from 50 to 99999999")]
    [InlineData(299, "nok", "price", "from 3.00 to 999999.99")]
    [InlineData(5000, "irr", "currency", "No card can be charged in IRR.")]
    [InlineData(5000, "kpw", "currency", "No card can be charged in KPW.")]
    [InlineData(5000, "isk", "currency", "One of usd, eur, gbp,")]
    public async Task What_could_never_be_paid_is_not_listed(long price, string currency, string member, string why)
    {
        using var seller = service.Host.As("seller");
        await AssertRefused(await seller.PostAsJsonAsync("/api/tickets", Priced(price, currency)), member, why);
    }

    [Theory]
    [InlineData(50, "isk")]
    [InlineData(100_000, "mga")]
    [InlineData(5_120, "kwd")]
    [InlineData(150_000_000, "idr")]
    public async Task The_shop_chooses_its_currencies(long price, string currency)
    {
        await using var own = await Own("isk, mga kwd idr");
        var listed = await own.List("seller", Priced(price, currency));
        Assert.Equal((price, currency), (listed.GetProperty("price").GetInt64(), listed.Text("currency")));
        using var seller = own.Host.As("seller");
        await AssertRefused(await seller.PostAsJsonAsync("/api/tickets", Priced(5_000, "usd")), "currency",
            "One of isk, mga, kwd, idr:");
        await AssertRefused(
            await seller.PostAsJsonAsync("/api/tickets", Priced(5_124, "kwd")), "price", "has to be 0");
        // Without a currency it is the first.
        Assert.Equal("isk", (await own.List("seller", Hamlet(price: 5_000))).Text("currency"));
    }

    [Fact]
    public async Task A_ticket_keeps_a_currency_that_is_no_longer_accepted()
    {
        var store = new InMemoryStore();
        string path;
        await using (var before = await Own("isk", store))
            path = $"/api/tickets/{(await before.List("seller", Priced(5_000, "isk"))).Text("id")}";
        await using var own = await Own("usd eur", store);
        using var seller = own.Host.As("seller");
        Assert.Equal("isk", (await own.Get(path)).Text("currency"));
        Assert.Equal(HttpStatusCode.OK, (await seller.PutAsJsonAsync(path, Priced(6_000, "isk"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await seller.PutAsJsonAsync(path, Hamlet(price: 7_000))).StatusCode);
        await AssertRefused(await seller.PutAsJsonAsync(path, Hamlet(price: 10)), "price", "from 50 to 999999");
        await AssertRefused(await seller.PutAsJsonAsync(path, Priced(7_000, "nok")), "currency", "One of usd, eur:");
        Assert.Equal(7_000, (await own.Get(path)).GetProperty("price").GetInt64());
    }

    [Fact]
    public async Task The_currencies_are_told()
    {
        await using var own = await Own("kwd jpy");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/currencies");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        using var answer = await own.Host.Anonymous.SendAsync(request);
        Assert.Equal("""{"items":[{"code":"kwd","digits":3,"min":150,"max":99999999,"step":10},"""
            + """{"code":"jpy","digits":0,"min":50,"max":99999999,"step":1}]}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("usd xyz", "\"xyz\" is none.")]
    [InlineData("usd irr", "\"irr\" is none.")]
    [InlineData(" , ", "must name a currency")]
    public void A_shop_with_a_wrong_currency_does_not_start(string currencies, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidOperationException>(
            () => TicketsApp.Build([$"--Tickets:Currencies={currencies}"])).Message);

    static object Priced(long price, string currency) => new { title = "Hamlet", price, currency };

    static async Task<TicketsHost> Own(string currencies, InMemoryStore? store = null)
    {
        var own = new TicketsHost { Currencies = currencies, Store = store };
        await own.InitializeAsync();
        return own;
    }

    static async Task AssertRefused(HttpResponseMessage answer, string member, string why)
    {
        await AssertProblem(answer, 400, "invalid");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Contains(why, errors.GetProperty(member)[0].GetString());
    }
}
