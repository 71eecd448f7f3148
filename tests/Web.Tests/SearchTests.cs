using System.Net;

namespace Ticketing.Web.Tests;

/// <summary>What a search form's address asks of the service.</summary>
public sealed class SearchTests : IClassFixture<Site>
{
    readonly Site site;

    public SearchTests(Site site)
    {
        this.site = site;
        site.Behind.Reset();
    }

    [Theory]
    [InlineData("/", "?sort=newest&limit=24")]
    [InlineData("/?q=&max=&from=&sort=newest", "?sort=newest&limit=24")]
    [InlineData("/?q=Hamlet&max=45.50&from=2031-01-16&sort=date", "?q=Hamlet&maxPrice=4550&notBefore=2031-01-16T00:00:00Z&sort=date&limit=24")]
    [InlineData("/?from=16.1.2031&max=cheap&sort=best", "?sort=newest&limit=24")]
    [InlineData("/?from=1999-12-31", "?sort=newest&limit=24")]
    public async Task It_asks_what_makes_sense_of_what_was_typed(string address, string expected)
    {
        var asked = "";
        site.Behind.Say("tickets", "/api/tickets", request =>
        {
            asked = WebUtility.UrlDecode(request.RequestUri!.Query);
            return new(HttpStatusCode.OK) { Content = new StringContent("""{"items":[]}""", null, "application/json") };
        });
        await site.Get(address);
        Assert.Equal(expected, asked);
    }

    [Fact]
    public async Task When_nothing_fits_each_filter_can_be_dropped_by_itself()
    {
        site.Behind.Say("tickets", "/api/tickets", """{"items":[]}""");
        var (_, html) = await site.Get("/?q=Hamlet&max=45&from=2031-01-16&sort=price");
        Assert.Contains("href=\"/?q=Hamlet&max=45&sort=price\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?q=Hamlet&from=2031-01-16&sort=price\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/?max=45&from=2031-01-16&sort=price\"", html, StringComparison.Ordinal);
    }
}
