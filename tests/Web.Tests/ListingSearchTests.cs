using System.Globalization;
using System.Net;

namespace Ticketing.Web.Tests;

/// <summary>The request to the service for a search form's address.</summary>
public sealed class ListingSearchTests : IClassFixture<Site>
{
    readonly Site site;

    public ListingSearchTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
    }

    [Theory]
    [InlineData("/", "?sort=newest&limit=24")]
    [InlineData("/?q=&max=&from=&sort=newest", "?sort=newest&limit=24")]
    [InlineData("/?q=Hamlet&max=45.50&from=2031-01-16&sort=date", "?q=Hamlet&maxPrice=4550&currency=usd&notBefore=2031-01-16T00:00:00Z&sort=date&limit=24")]
    [InlineData("/?max=45.50&currency=eur", "?maxPrice=4550&currency=eur&sort=newest&limit=24")]
    [InlineData("/?max=4550&currency=jpy", "?maxPrice=4550&currency=jpy&sort=newest&limit=24")]
    [InlineData("/?sort=price&currency=eur", "?currency=eur&sort=price&limit=24")]
    [InlineData("/?sort=price", "?currency=usd&sort=price&limit=24")]
    [InlineData("/?currency=eur", "?sort=newest&limit=24")]
    [InlineData("/?max=45&currency=xyz", "?maxPrice=4500&currency=usd&sort=newest&limit=24")]
    [InlineData("/?max=%E2%82%AC45&currency=usd", "?sort=newest&limit=24")]
    [InlineData("/?from=2031-01-16&tz=Europe/Berlin", "?notBefore=2031-01-15T23:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=Europe/Berlin", "?notBefore=2031-07-15T22:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-03-30&tz=Europe/Berlin", "?notBefore=2031-03-29T23:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-03-31&tz=Europe/Berlin", "?notBefore=2031-03-30T22:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=Pacific/Kiritimati", "?notBefore=2031-07-15T10:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=Asia/Calcutta", "?notBefore=2031-07-15T18:30:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=Etc/GMT%2B12", "?notBefore=2031-07-16T12:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=Mars/Olympus", "?notBefore=2031-07-16T00:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=../../etc/passwd", "?notBefore=2031-07-16T00:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2031-07-16&tz=", "?notBefore=2031-07-16T00:00:00Z&sort=newest&limit=24")]
    [InlineData("/?from=2000-01-01&tz=Asia/Tokyo", "?notBefore=2000-01-01T00:00:00Z&sort=newest&limit=24")]
    [InlineData("/?tz=Asia/Tokyo", "?sort=newest&limit=24")]
    [InlineData("/?from=16.1.2031&max=cheap&sort=best", "?sort=newest&limit=24")]
    [InlineData("/?from=1999-12-31", "?sort=newest&limit=24")]
    public async Task It_asks_what_makes_sense_of_what_was_typed(string address, string expected)
    {
        var asked = "";
        site.Apps.Reply("tickets", "/api/tickets", request =>
        {
            asked = WebUtility.UrlDecode(request.RequestUri!.Query);
            return new(HttpStatusCode.OK) { Content = new StringContent("""{"items":[]}""", null, "application/json") };
        });
        await site.Get(address);
        Assert.Equal(expected, asked);
    }

    [Theory]   // in Havana clocks go forward at midnight and back at one: one day has no midnight, another has two
    [InlineData("2031-03-08", "2031-03-08T05:00:00Z")]
    [InlineData("2031-03-09", "2031-03-09T05:00:00Z")]
    [InlineData("2031-03-10", "2031-03-10T04:00:00Z")]
    [InlineData("2031-11-02", "2031-11-02T04:00:00Z")]
    [InlineData("2031-11-03", "2031-11-03T05:00:00Z")]
    public void A_day_begins_with_its_first_moment(string day, string start)
    {
        Assert.True(TimeZones.TryParse("America/Havana", out var havana));
        Assert.Equal(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture),
            TimeZones.StartOfDay(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), havana));
    }

    [Fact]
    public async Task The_zone_of_a_day_is_named_and_stays_in_every_address_of_the_page()
    {
        site.Apps.Reply("tickets", "/api/tickets", """{"items":[],"next":"abc"}""");
        var (_, html) = await site.Get("/?q=Hamlet&from=2031-01-16&tz=Asia/Tokyo");
        Assert.Contains("<label for=\"from\">From (Asia/Tokyo)</label>", html, StringComparison.Ordinal);
        Assert.Contains("<input type=\"hidden\" name=\"tz\" value=\"Asia/Tokyo\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?from=2031-01-16&tz=Asia%2FTokyo\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?q=Hamlet\"", html, StringComparison.Ordinal);
        (_, html) = await site.Get("/");
        Assert.Contains("<label for=\"from\">From (UTC)</label>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_currency_of_prices_is_chosen_and_stays_in_every_address_of_the_page()
    {
        site.Apps.Reply("tickets", "/internal/currencies", """{"items":[{"code":"gbp"},{"code":"eur"},{"code":"jpy"}]}""");
        site.AdvanceClock();
        site.Apps.Reply("tickets", "/api/tickets", """
            {"items":[{"id":"t1","title":"Hamlet","price":4550,"currency":"eur","sellerId":"seller","status":"open","version":3}],
             "next":"abc"}
            """);
        var (_, html) = await site.Get("/?q=Hamlet&max=45.50&currency=eur&sort=price");
        Assert.Contains("<option value=\"eur\" selected>EUR</option>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?q=Hamlet&max=45.50&currency=eur&sort=price&after=abc\"", html, StringComparison.Ordinal);
        Assert.Contains(" priced in EUR", html, StringComparison.Ordinal);

        site.Apps.Reply("tickets", "/api/tickets", """{"items":[]}""");
        (_, html) = await site.Get("/?max=4550&currency=jpy");
        Assert.Contains("Nothing for up to <bdi>JPY 4,550</bdi>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?currency=jpy\"", html, StringComparison.Ordinal);
        (_, html) = await site.Get("/?sort=price");
        Assert.Contains("<option value=\"gbp\" selected>GBP</option>", html, StringComparison.Ordinal);
        Assert.Contains("Nothing is priced in GBP", html, StringComparison.Ordinal);
        site.AdvanceClock();
    }

    [Theory]
    [InlineData("/?max=cheap", "This is not a price")]
    [InlineData("/?max=1.000", "could be US$1,000.00 or US$1.00")]
    [InlineData("/?max=%E2%82%AC45", "the currency is USD")]
    public async Task A_price_that_cannot_be_read_is_asked_back_beside_the_listings(string address, string mistake)
    {
        site.Apps.Reply("tickets", "/api/tickets", """
            {"items":[{"id":"t1","title":"Hamlet","price":4550,"currency":"eur","sellerId":"seller","status":"open","version":3}]}
            """);
        var (_, html) = await site.Get(address);
        Assert.Contains(mistake, html, StringComparison.Ordinal);
        Assert.Contains("aria-describedby=\"max-wrong\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/tickets/t1\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_nothing_fits_each_filter_can_be_dropped_by_itself()
    {
        site.Apps.Reply("tickets", "/api/tickets", """{"items":[]}""");
        var (_, html) = await site.Get("/?q=Hamlet&max=45&from=2031-01-16&sort=price");
        Assert.Contains("href=\"/?q=Hamlet&max=45&sort=price\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?q=Hamlet&from=2031-01-16&sort=price\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?max=45&from=2031-01-16&sort=price\"", html, StringComparison.Ordinal);
    }
}
