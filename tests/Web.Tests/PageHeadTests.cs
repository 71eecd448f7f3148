using System.Net;
using System.Text.RegularExpressions;

namespace Ticketing.Web.Tests;

/// <summary>HEAD on the site: a page's headers without the page.</summary>
public sealed partial class PageHeadTests : IClassFixture<Site>
{
    readonly Site site;

    public PageHeadTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        site.Apps.Reply("tickets", "/api/tickets", """{"items":[]}""");
        site.Apps.Reply("tickets", "/api/tickets/t1", """
            {"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"seller","status":"open","version":3}
            """);
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/tickets/t1", 200)]
    [InlineData("/tickets/none", 404)]
    [InlineData("/signin", 200)]
    [InlineData("/orders", 303)]
    [InlineData("/status", 200)]
    [InlineData("/docs", 200)]
    [InlineData("/docs/events.json", 200)]
    [InlineData("/problems/ticket-sold", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/nowhere", 404)]
    public async Task A_page_has_a_head(string path, int status)
    {
        var (head, body) = await site.Send(new(HttpMethod.Head, path));
        var (whole, _) = await site.Get(path);
        Assert.Equal((status, status), ((int)head.StatusCode, (int)whole.StatusCode));
        Assert.Equal(whole.Content.Headers.ContentType?.ToString(), head.Content.Headers.ContentType?.ToString());
        Assert.Equal(whole.Headers.Location, head.Headers.Location);
        Assert.Equal("", body);
    }

    [Fact]
    public async Task A_file_has_one_too()
    {
        var (_, page) = await site.Get("/");
        var file = FileAddress().Match(page).Value;
        var (head, body) = await site.Send(new(HttpMethod.Head, file));
        var (whole, text) = await site.Get(file);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, body));
        Assert.NotEqual("", text);
        Assert.Equal(whole.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
    }

    [GeneratedRegex("/files/[0-9a-f]+/app.js")]
    private static partial Regex FileAddress();
}
