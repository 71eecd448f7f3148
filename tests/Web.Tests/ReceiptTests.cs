using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>The receipt of an order, in every state of it.</summary>
public sealed class ReceiptTests : IClassFixture<Site>
{
    static readonly DateTimeOffset Bought = new(2031, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly OrderDto Paid = new("t1-1", "t1", "Hamlet", 4550, "usd", "complete", Bought.AddMinutes(15), Bought, 3,
        Venue: "Globe", StartsAt: new(2031, 6, 30, 23, 0, 0, TimeSpan.Zero), Seat: "A 1", TimeZone: "Asia/Tokyo");
    static readonly PaymentDto Card = new("t1-1", "captured", 4550, "usd", 3, new("visa", "4242"),
        Bought.AddMinutes(2), Bought.AddDays(3));

    readonly Site site;

    public ReceiptTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        Set("orders", "/api/orders/t1-1", Paid);
        Set("payments", "/api/payments/t1-1", Card);
        Set("tickets", "/api/tickets/t1", new TicketDto("t1", "Macbeth", 9900, "gbp", "seller7", "sold", 9));
    }

    [Fact]
    public async Task It_says_what_was_bought_when_from_whom_for_how_much_and_with_which_card()
    {
        var (answer, words) = await Receipt();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Receipt Ticketing · No. R-t1-1 Ticket Hamlet When Tue 1 Jul 2031, 08:00 GMT+9 Where Globe Seat A 1 "
            + "Order t1-1 Bought Wed 1 Jan 2031, 12:00 UTC Paid Wed 1 Jan 2031, 12:02 UTC Paid with Visa, ending in 4242 "
            + "Buyer buyer@example.com Seller seller7 , by way of Ticketing All amounts are in USD Ticket US$45.50 Fees US$0.00 "
            + "Total paid US$45.50", words);
    }

    [Theory]
    [InlineData("refunding", "Total paid US$45.50 Refund on its way to the card −US$45.50 Paid after the refund US$0.00")]
    [InlineData("refunded",
        "Total paid US$45.50 Refunded to the card on Sat 4 Jan 2031, 12:00 UTC −US$45.50 Paid after the refund US$0.00")]
    public async Task A_refund_stands_below_the_payment(string status, string end)
    {
        Set("orders", "/api/orders/t1-1", Paid with { Status = status });
        Assert.EndsWith(end, (await Receipt()).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("created")]
    [InlineData("awaitingPayment")]
    [InlineData("cancelled")]
    [InlineData("of-a-newer-build")]
    public async Task Without_a_payment_there_is_none_and_a_way_to_the_order(string status)
    {
        Set("orders", "/api/orders/t1-1", Paid with { Status = status });
        var (answer, html) = await site.Get("/orders/t1-1/receipt", Site.Buyer);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("<h1>There is no receipt yet</h1>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/orders/t1-1\">Back to the order", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_but_the_buyer_sees_it()
    {
        var (answer, _) = await site.Get("/orders/t1-1/receipt");
        Assert.Equal((HttpStatusCode.SeeOther, "/signin?to=%2Forders%2Ft1-1%2Freceipt"),
            (answer.StatusCode, answer.Headers.Location?.ToString()));
        site.Apps.Reply("orders", "/api/orders/t1-1", _ => null);
        (answer, _) = await site.Get("/orders/t1-1/receipt", "stranger");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task It_is_there_without_what_the_other_services_know()
    {
        Set("payments", "/api/payments/t1-1", Card with { Card = null, CapturedAt = null, RefundedAt = null });
        Assert.Contains("Paid with Card Buyer", (await Receipt()).Words, StringComparison.Ordinal);
        site.Apps.Unreachable.UnionWith(["payments", "tickets"]);
        var (answer, words) = await Receipt();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith("Total paid US$45.50", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Seller", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_of_an_older_build_takes_the_show_from_its_ticket()
    {
        Set("orders", "/api/orders/t1-1", Paid with { Venue = null, StartsAt = null, Seat = null, TimeZone = null });
        Set("tickets", "/api/tickets/t1", new TicketDto("t1", "Hamlet", 4550, "usd", "seller7", "sold", 9, "Met"));
        Assert.Contains("Ticket Hamlet Where Met Order", (await Receipt()).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete", true)]
    [InlineData("refunding", true)]
    [InlineData("refunded", true)]
    [InlineData("awaitingPayment", false)]
    [InlineData("cancelled", false)]
    public async Task The_page_of_a_paid_order_leads_to_it(string status, bool isLinked)
    {
        Set("orders", "/api/orders/t1-1", Paid with { Status = status });
        var (_, html) = await site.Get("/orders/t1-1", Site.Buyer);
        Assert.Equal(isLinked, html.Contains("href=\"/orders/t1-1/receipt\"", StringComparison.Ordinal));
    }

    async Task<(HttpResponseMessage Answer, string Words)> Receipt()
    {
        var (answer, _) = await site.Get("/orders/t1-1/receipt", Site.Buyer);
        var page = new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
        var texts = page.QuerySelector(".receipt")!.GetDescendants().OfType<IText>().Select(text => text.Data);
        return (answer, string.Join(' ', string.Join(' ', texts).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    void Set<T>(string app, string path, T value) =>
        site.Apps.Reply(app, path, JsonSerializer.Serialize(value, JsonSerializerOptions.Web));
}
