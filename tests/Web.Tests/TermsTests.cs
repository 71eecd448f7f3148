using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>Nobody buys at terms that they did not see.</summary>
public sealed class TermsTests : IClassFixture<Site>
{
    static readonly DateTimeOffset Start = new(2031, 6, 30, 23, 0, 0, TimeSpan.Zero);
    static readonly TicketDto Seen = new("t1", "Hamlet", 4550, "usd", "seller", "open", 3, "Globe", Start, "A 1",
        TimeZone: "Asia/Tokyo", TermsVersion: 2);

    readonly Site site;

    public TermsTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        Set(Seen);
        Ended("t1");
    }

    [Theory]
    [InlineData("/tickets/t1")]
    [InlineData("/orders/t1-1")]   // purchase again
    public async Task The_order_has_the_number_of_the_terms_that_the_page_showed(string path)
    {
        var (_, html) = await site.Get(path, Site.Buyer);
        Assert.Contains("Tue 1 Jul 2031, 08:00 GMT+9", html, StringComparison.Ordinal);
        var form = await Form(path);
        Set(Seen with { Price = 5000, TermsVersion = 3 });
        Assert.Equal("""{"ticketId":"t1","expectedTerms":2}""", await Sent(form));
    }

    [Theory]
    [InlineData("price", "4550")]
    [InlineData("expectedTerms", "")]
    [InlineData("expectedTerms", "-2")]
    [InlineData("expectedTerms", "two")]
    public async Task A_form_without_that_number_orders_nothing_and_shows_the_ticket_again(string field, string value)
    {
        var isOrdered = false;
        site.Apps.Reply("orders", "/api/orders", _ =>
        {
            isOrdered = true;
            return null;
        });
        var (answer, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, (field, value));
        Assert.Equal((HttpStatusCode.Conflict, false), (answer.StatusCode, isOrdered));
        Assert.Contains("That page was out of date.", html, StringComparison.Ordinal);
        Assert.Contains("name=\"expectedTerms\" value=\"2\"", html, StringComparison.Ordinal);
    }

    public static TheoryData<TicketDto, string, string> Changes => new()
    {
        { Seen with { Price = 5000 }, "The price has changed", "Price: was US$45.50, now US$50.00" },
        { Seen with { Currency = "gbp" }, "The price has changed", "Price: was US$45.50, now £45.50" },
        { Seen with { Title = "Macbeth" }, "The title has changed", "Title: was Hamlet, now Macbeth" },
        { Seen with { Venue = "Met" }, "The venue has changed", "Venue: was Globe, now Met" },
        { Seen with { Seat = null }, "The seat has changed", "Seat: was A 1, now not given" },
        { Seen with { StartsAt = Start.AddHours(1) }, "The date has changed",
            "Date: was Tue 1 Jul 2031, 08:00 GMT+9, now Tue 1 Jul 2031, 09:00 GMT+9" },
        { Seen with { TimeZone = null }, "The date has changed",
            "Date: was Tue 1 Jul 2031, 08:00 GMT+9, now Mon 30 Jun 2031, 23:00 UTC" },
        { Seen with { Price = 5000, Seat = "A 2", Venue = "Met" }, "The price, the venue and the seat have changed",
            "Seat: was A 1, now A 2" },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public async Task What_has_changed_is_told_with_what_it_was_and_is(TicketDto now, string sentence, string change)
    {
        var form = await Form("/tickets/t1");
        Set(now with { TermsVersion = 3, Version = 4 });
        Refuse("terms-changed");
        var (answer, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, form);
        var page = new HtmlParser().ParseDocument(html);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var notice = Words(page.QuerySelector("[role=status].note"));
        Assert.Contains($"{sentence} since you looked. Nothing was bought and nothing is held", notice, StringComparison.Ordinal);
        Assert.Contains(change, notice, StringComparison.Ordinal);
        Assert.Equal("Purchase it as it is now", Words(page.QuerySelector("button[data-buy]")));
        Assert.Equal("3", page.QuerySelector("input[name=expectedTerms]")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"title":"\ud800","price":1,"currency":"usd"}""")]
    [InlineData("""{"title":"a","price":1,"currency":""}""")]
    [InlineData("""{"title":"a","price":1e99,"currency":"usd"}""")]
    [InlineData("""{"title":"a","price":1,"currency":"usd","startsAt":"0001-01-01T00:00:00Z","timeZone":"America/New_York"}""")]
    public async Task What_was_not_written_by_a_page_does_no_harm(string seen)
    {
        Refuse("terms-changed");
        var (answer, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, ("expectedTerms", "1"), ("seen", seen));
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("changed</strong> since you looked", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_show_that_has_begun_is_told_though_its_ticket_is_no_longer_found()
    {
        var form = await Form("/tickets/t1");
        site.Apps.Reply("tickets", "/api/tickets/t1", _ => null);
        Refuse("show-begun");
        var (answer, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, form);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("<h1>The show has begun</h1>", html, StringComparison.Ordinal);
        Assert.Contains("Nothing was bought", html, StringComparison.Ordinal);
    }

    // tickets.js puts these parts into the page when the seller changes the ticket.
    [Theory]
    [InlineData("/tickets/t1", "title facts price form")]
    [InlineData("/", "title when place price")]
    [InlineData("/listings", "title price when place")]
    [InlineData("/orders/t1-1", "title when place form price")]
    public async Task Every_part_of_the_terms_on_a_page_can_be_put_anew(string path, string expected)
    {
        site.Apps.Reply("tickets", "/api/tickets", JsonSerializer.Serialize(new Paged<TicketDto>([Seen]), JsonSerializerOptions.Web));
        site.Apps.Reply("tickets", "/api/tickets/mine", JsonSerializer.Serialize(new Paged<TicketDto>([Seen]), JsonSerializerOptions.Web));
        var tile = Assert.Single((await Page(path)).QuerySelectorAll("[data-ticket=t1]"));
        Assert.Equal("2", tile.GetAttribute("data-terms"));
        Assert.Equal(expected.Split(' ').Order(), tile.QuerySelectorAll("[data-part]").Select(Name).Order());

        var now = Seen with { Title = "Macbeth", Price = 5000, Venue = null, Seat = "B", StartsAt = null, Version = 4, TermsVersion = 3 };
        Set(now);
        var fresh = await Page("/tickets/t1/terms?version=4");
        Assert.Equal("3", fresh.QuerySelector("div")!.GetAttribute("data-terms"));
        foreach (var part in tile.QuerySelectorAll("[data-part]"))
        {
            var other = fresh.QuerySelector($"[data-part={Name(part)}]");
            Assert.NotNull(other);
            part.InnerHtml = other.InnerHtml;
        }
        Assert.Contains("Macbeth", Words(tile), StringComparison.Ordinal);
        Assert.Contains("US$50.00", Words(tile), StringComparison.Ordinal);
        Assert.DoesNotContain("Globe", Words(tile), StringComparison.Ordinal);
        Assert.DoesNotContain("Jul", Words(tile), StringComparison.Ordinal);
        if (tile.QuerySelector("input[name=expectedTerms]") is { } number)
            Assert.Equal("3", number.GetAttribute("value"));
    }

    [Fact]
    public async Task The_terms_of_a_version_are_asked_for_once_for_all_who_look_at_them()
    {
        var asked = 0;
        var json = JsonSerializer.Serialize(Seen, JsonSerializerOptions.Web);
        site.Apps.Reply("tickets", "/api/tickets/t1", _ =>
        {
            Interlocked.Increment(ref asked);
            return new(HttpStatusCode.OK) { Content = new StringContent(json, null, "application/json") };
        });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => site.Get("/tickets/t1/terms?version=7")));
        Assert.Equal(1, asked);
        await site.Get("/tickets/t1/terms?version=8");
        Assert.Equal(2, asked);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get("/tickets/t2/terms?version=1")).Answer.StatusCode);
    }

    static string Name(IElement part) => part.GetAttribute("data-part")!;

    static string Words(IElement? element) =>
        string.Join(' ', element!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    async Task<IDocument> Page(string path)
    {
        var (answer, _) = await site.Get(path, Site.Buyer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The hidden fields of the purchase form, as the browser sends them.</summary>
    async Task<(string, string)[]> Form(string path) =>
    [
        .. (await Page(path)).QuerySelectorAll("form[action='/tickets/t1/purchase'] input")
            .Select(input => (input.GetAttribute("name")!, input.GetAttribute("value")!)),
    ];

    /// <summary>The request to the orders service when this form is posted.</summary>
    async Task<string> Sent((string, string)[] form)
    {
        var sent = "";
        site.Apps.Reply("orders", "/api/orders", request =>
        {
            sent = new StreamReader(request.Content!.ReadAsStream()).ReadToEnd();
            return null;
        });
        await site.Post("/tickets/t1/purchase", Site.Buyer, form);
        return sent;
    }

    void Set(TicketDto ticket) =>
        site.Apps.Reply("tickets", "/api/tickets/t1", JsonSerializer.Serialize(ticket, JsonSerializerOptions.Web));

    void Ended(string ticket) => site.Apps.Reply("orders", $"/api/orders/{ticket}-1", JsonSerializer.Serialize(
        new OrderDto($"{ticket}-1", ticket, "Hamlet", 4550, "usd", "cancelled", Start, Start, 3, "expired"),
        JsonSerializerOptions.Web));

    void Refuse(string code) => site.Apps.Reply("orders", "/api/orders", $$"""
        {"type":"/problems/{{code}}","title":"No.","status":409,"price":5000,"currency":"usd","termsVersion":3}
        """, HttpStatusCode.Conflict);
}
