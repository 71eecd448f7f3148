using System.Net;

namespace Ticketing.Web.Tests;

/// <summary>Whatever fails, a person gets a page, with everything that could still be read.</summary>
public class FailurePageTests : IClassFixture<Site>
{
    const string Ticket = """
        {"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"seller","status":"open","version":3}
        """;
    const string Order = """
        {"id":"t1-1","ticketId":"t1","title":"Hamlet","price":4550,"currency":"usd","status":"awaitingPayment",
         "expiresAt":"2031-01-01T00:15:00Z","createdAt":"2031-01-01T00:00:00Z","version":2}
        """;

    readonly Site site;

    public FailurePageTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
        site.AdvanceClock();
    }

    [Theory]
    [InlineData("GET", "/tickets/none", 404, "There is nothing here")]
    [InlineData("GET", "/nowhere", 404, "There is nothing here")]
    [InlineData("DELETE", "/signin", 404, "There is nothing here")]
    [InlineData("GET", "/tickets/broken", 500, "Something broke")]
    [InlineData("GET", "/tickets/resting", 503, "One part of the shop is resting")]
    public async Task A_failure_is_a_page_with_a_way_on_and_a_reference(string method, string path, int status, string title)
    {
        site.Apps.Reply("tickets", "/api/tickets/broken", _ => throw new InvalidOperationException("A bug."));
        site.Apps.Reply("tickets", "/api/tickets/resting", "{}", HttpStatusCode.ServiceUnavailable);
        var (answer, html) = await site.Send(new(new HttpMethod(method), path));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"<h1>{title}</h1>", html, StringComparison.Ordinal);
        Assert.Contains("Reference <code>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("A bug.", html, StringComparison.Ordinal);
        Assert.Contains("style-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_too_large_or_from_elsewhere_is_refused_with_a_page()
    {
        var (large, _) = await site.Post("/signin", null, ("email", new string('a', 70_000)));
        Assert.Equal((413, "text/html"), ((int)large.StatusCode, large.Content.Headers.ContentType?.MediaType));
        var foreign = new HttpRequestMessage(HttpMethod.Post, "/signin") { Headers = { { "Sec-Fetch-Site", "cross-site" } } };
        var (refused, _) = await site.Send(foreign);
        Assert.Equal((403, "text/html"), ((int)refused.StatusCode, refused.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_seller_with_too_many_listings_reads_it_above_the_form_with_what_was_typed()
    {
        site.Apps.Reply("tickets", "/api/tickets", """
            {"type":"/problems/too-many-listings","title":"Too many","status":409,"max":2000}
            """, HttpStatusCode.Conflict);
        var (answer, html) = await site.Post("/sell", Site.Buyer, ("title", "Hamlet"), ("price", "45"), ("currency", "usd"), ("once", "1"));
        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Contains("You have 2,000 tickets on sale, as many as one seller may.", html, StringComparison.Ordinal);
        Assert.Contains("value=\"Hamlet\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_a_problem_and_not_a_page()
    {
        site.Apps.Reply("tickets", "/api/tickets/broken", _ => throw new InvalidOperationException("A bug."));
        var (answer, _) = await site.Send(new(HttpMethod.Get, "/tickets/broken") { Headers = { { "Accept", "*/*" } } });
        Assert.Equal(500, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Who_asks_too_often_is_told_how_long_to_wait()
    {
        HttpResponseMessage TooMany(HttpRequestMessage _) => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { { "Retry-After", "7" } },
        };
        site.Apps.Reply("auth", "/api/users/signin", TooMany);
        site.Apps.Reply("tickets", "/api/tickets/t1", TooMany);
        var (posted, html) = await site.Post("/signin", null, ("email", "a@example.com"), ("password", "x"));
        Assert.Equal((429, "7"), ((int)posted.StatusCode, posted.Headers.RetryAfter?.ToString()));
        Assert.Contains("data-retry=\"7\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-again", html, StringComparison.Ordinal);   // a repeat could change something
        var (read, page) = await site.Get("/tickets/t1");
        Assert.Equal(429, (int)read.StatusCode);
        Assert.Contains("data-again=\"/tickets/t1\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth", "/ /tickets/t1 /orders /orders/t1-1 /orders/t1-1/checkout /listings /sell /status /docs", "")]
    [InlineData("tickets", "/ /orders /orders/t1-1 /orders/t1-1/checkout /listings /sell /status /docs", "/tickets/t1")]
    [InlineData("orders", "/ /tickets/t1 /orders /listings /sell /status /docs", "/orders/t1-1")]
    [InlineData("payments", "/ /tickets/t1 /orders /orders/t1-1 /orders/t1-1/checkout /listings /sell /status", "")]
    public async Task A_service_that_is_down_takes_its_own_panel_away_and_nothing_else(string down, string working, string failing)
    {
        FillServices();
        site.Apps.Unreachable.Add(down);
        foreach (var path in working.Split(' '))
        {
            var (answer, html) = await site.Get(path, Site.Buyer);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path} answers {answer.StatusCode} without {down}.");
            Assert.Contains("<h1", html, StringComparison.Ordinal);
        }

        foreach (var path in failing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.Equal(503, (int)(await site.Get(path, Site.Buyer)).Answer.StatusCode);
    }

    [Theory]
    [InlineData("tickets", "/", "The listings can't be shown right now.")]
    [InlineData("tickets", "/listings", "Your listings can't be shown right now.")]
    [InlineData("orders", "/orders", "Your orders can't be shown right now.")]
    [InlineData("payments", "/orders/t1-1/checkout", "The card form can't be shown right now.")]
    [InlineData("auth", "/status", "Away")]
    public async Task What_is_missing_is_said_in_its_place(string down, string path, string words)
    {
        FillServices();
        Assert.DoesNotContain(words, (await site.Get(path, Site.Buyer)).Html, StringComparison.Ordinal);
        site.Apps.Unreachable.Add(down);
        site.AdvanceClock();
        Assert.Contains(words, (await site.Get(path, Site.Buyer)).Html, StringComparison.Ordinal);
    }

    void FillServices()
    {
        foreach (var app in new[] { "auth", "tickets", "orders", "payments", "expiration" })
            site.Apps.Reply(app, "/health/ready", "\"ready\"");
        site.Apps.Reply("tickets", "/api/tickets", $$"""{"items":[{{Ticket}}]}""");
        site.Apps.Reply("tickets", "/api/tickets/mine", $$"""{"items":[{{Ticket}}]}""");
        site.Apps.Reply("tickets", "/api/tickets/t1", Ticket);
        site.Apps.Reply("orders", "/api/orders", $$"""{"items":[{{Order}}]}""");
        site.Apps.Reply("orders", "/api/orders/t1-1", Order);
        site.Apps.Reply("orders", "/api/orders/t1-1/timeline",
            """{"items":[{"at":"2031-01-01T00:00:00Z","type":"order.created","status":"created","why":"Asked.","eventId":"e"}]}""");
        site.Apps.Reply("payments", "/api/payments/config",
            """{"publishableKey":"pk_test_1","scriptUrl":"http://localhost:5010/v3/stripe.js"}""");
        site.Apps.Reply("payments", "/api/payments/t1-1",
            """{"orderId":"t1-1","status":"opened","amount":4550,"currency":"usd","attemptsLeft":3}""");
    }
}
