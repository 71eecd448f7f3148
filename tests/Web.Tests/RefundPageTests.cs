using System.Net;

namespace Ticketing.Web.Tests;

/// <summary>A buyer asks for a refund, and the seller sees it.</summary>
public sealed class RefundPageTests : IClassFixture<Site>
{
    const string Order = """
        {"id":"t1-1","ticketId":"t1","title":"Hamlet","price":4550,"currency":"usd","status":"complete",
         "expiresAt":"2031-01-01T00:15:00Z","createdAt":"2031-01-01T00:00:00Z","version":3}
        """;
    const string Wanted = """{"items":[{"orderId":"t1-1","reason":"I am <ill>.","at":"2031-01-02T00:00:00Z"}]}""";
    const string Sold = """
        {"items":[{"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"seller","status":"sold",
          "orderId":"t1-1","version":5}]}
        """;

    readonly Site site;

    public RefundPageTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        site.Apps.Reply("orders", "/api/orders/t1-1", Order);
    }

    [Fact]
    public async Task A_paid_order_offers_to_ask_and_says_that_one_has_asked()
    {
        var (_, before) = await site.Get("/orders/t1-1", Site.Buyer);
        Assert.Contains("Can’t go after all?", before, StringComparison.Ordinal);
        site.Apps.Reply("orders", "/api/orders/refund-requests", Wanted);
        var (_, after) = await site.Get("/orders/t1-1", Site.Buyer);
        Assert.Contains("You asked the seller for your money back", after, StringComparison.Ordinal);
        Assert.Contains("“<bdi>I am <ill>.</bdi>”", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_the_reason_is_said_beside_it_and_the_reason_is_kept()
    {
        site.Apps.Reply("orders", "/api/orders/t1-1/refund-request", """
            {"type":"/problems/invalid","title":"Mistakes","status":400,"errors":{"reason":["At most 500 characters."]}}
            """, HttpStatusCode.BadRequest);
        var (answer, html) = await site.Post("/orders/t1-1/refund-request", Site.Buyer, ("reason", "A long story"));
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains("<title>Error: ", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#reason\">At most 500 characters.</a>", html, StringComparison.Ordinal);
        Assert.Contains("value=\"A long story\"", html, StringComparison.Ordinal);
        Assert.Contains("<details class=\"sure mild\" open>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lapsed_authorization_is_told_as_it_is()
    {
        site.Apps.Reply("orders", "/api/orders/t1-1", Order
            .Replace("complete", "refunded", StringComparison.Ordinal)
            .Replace("\"version\"", "\"refundCause\":\"nothing-taken\",\"version\"", StringComparison.Ordinal));
        var (_, html) = await site.Get("/orders/t1-1", Site.Buyer);
        Assert.Contains("nothing was charged", html, StringComparison.Ordinal);
        Assert.DoesNotContain("was sent back", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Receipt", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asked_it_goes_back_to_the_order()
    {
        site.Apps.Reply("orders", "/api/orders/t1-1/refund-request", _ => new(HttpStatusCode.Accepted));
        var (answer, _) = await site.Post("/orders/t1-1/refund-request", Site.Buyer, ("reason", "I am ill."));
        Assert.Equal((303, "/orders/t1-1"), ((int)answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task The_seller_reads_it_beside_the_listing_and_without_it_the_listing_is_there_too()
    {
        site.Apps.Reply("tickets", "/api/tickets/mine", Sold);
        site.Apps.Reply("orders", "/api/orders/refund-requests", Wanted);
        var (_, html) = await site.Get("/listings", "seller");
        Assert.Contains("“<bdi>I am <ill>.</bdi>”", html, StringComparison.Ordinal);

        site.Apps.Unreachable.Add("orders");
        var (answer, rest) = await site.Get("/listings", "seller");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Contains("Hamlet", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("asks for a refund", rest, StringComparison.Ordinal);
    }
}
