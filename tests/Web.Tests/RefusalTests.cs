using System.Net;
using System.Text.RegularExpressions;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>The page shows a service's refusal, and nothing else.</summary>
public sealed partial class RefusalTests : IClassFixture<Site>
{
    const string Ticket = """
        {"id":"t1","title":"Hamlet","price":4550,"currency":"usd","sellerId":"seller","status":"open","version":3}
        """;
    const string Order = """
        {"id":"t1-1","ticketId":"t1","title":"Hamlet","price":4550,"currency":"usd","status":"awaitingPayment",
         "expiresAt":"2031-01-01T00:15:00Z","createdAt":"2031-01-01T00:00:00Z","version":2}
        """;

    /// <summary>Refusals that are not shown with the service's own text; an address is a redirect.</summary>
    static readonly Dictionary<(string Action, string Code), string> ShownTexts = new()
    {
        [("/tickets/t1/purchase", "ticket-reserved")] = "Someone was a moment faster",
        [("/tickets/t1/purchase", "price-changed")] = "<strong>The price has changed</strong>",
        [("/tickets/t1/purchase", "terms-changed")] = "<strong>The ticket has changed</strong>",
        [("/tickets/t1/purchase", "show-begun")] = "The show has begun",
        [("/tickets/t1/purchase", "too-many-orders")] = "You hold 20 unpaid tickets already",
        [("/sell", "too-many-listings")] = "You have 20 tickets on sale, as many as one seller may",
        [("/orders/t1-1/cancel", "order-complete")] = "/orders/t1-1",
        [("/tickets/t1/edit", "stale-version")] = "It was changed in another tab",
        [("/sell", "idempotency-key-reused")] = "You have listed another ticket with this form already",
        [("/signin", "bad-credentials")] = "E-mail or password is not right",
        [("/signup", "bad-credentials")] = "E-mail or password is not right",
        [("/signin", "email-in-use")] = "This e-mail has an account already",
        [("/signup", "email-in-use")] = "This e-mail has an account already",
    };

    readonly Site site;

    public RefusalTests(Site site)
    {
        this.site = site;
        site.Apps.Reset();
    }

    [Theory]
    [InlineData("/tickets/t1/purchase", "orders", "/api/orders")]
    [InlineData("/orders/t1-1/cancel", "orders", "/api/orders/t1-1")]
    [InlineData("/orders/t1-1/refund", "orders", "/api/orders/t1-1/refund")]
    [InlineData("/orders/t1-1/refund-request", "orders", "/api/orders/t1-1/refund-request")]
    [InlineData("/tickets/t1/edit", "tickets", "/api/tickets/t1")]
    [InlineData("/tickets/t1/withdraw", "tickets", "/api/tickets/t1")]
    [InlineData("/sell", "tickets", "/api/tickets")]
    [InlineData("/signin", "auth", "/api/users/signin")]
    [InlineData("/signup", "auth", "/api/users/signup")]
    public async Task Every_refusal_of_every_action_is_told_as_what_it_is(string action, string app, string path)
    {
        var refusals = Refusals();
        Assert.True(refusals.Count > 25, $"Only {refusals.Count} refusals were found: they are no longer written so.");
        foreach (var (code, status) in refusals)
        {
            Refuse(app, path, status, code);
            var (answer, html) = await site.Post(action, "seller", ("title", "Hamlet"), ("price", "45.50"), ("reason", "ill"),
                ("expectedTerms", "1"));
            var expected = ShownTexts.GetValueOrDefault((action, code), status switch
            {
                401 => action.EndsWith("/purchase", StringComparison.Ordinal) ? "/signin?to=%2Ftickets%2Ft1" : "Sign in first",
                404 => "There is nothing here",
                429 => "A little slower, please",
                >= 500 => "One part of the shop is resting",
                _ => $"Words of {code}.",
            });
            var said = expected[0] == '/' ? answer.Headers.Location?.ToString() ?? "" : html;
            Assert.True(said.Contains(expected, StringComparison.Ordinal), $"{action} refused as {code} does not say '{expected}'.");
            Assert.Equal((action, code) == ("/tickets/t1/purchase", "ticket-reserved"),
                html.Contains("a moment faster", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_limit_of_held_tickets_is_said_with_its_number_and_a_way_to_them_and_leaves_the_button()
    {
        Refuse("orders", "/api/orders", 409, "too-many-orders");
        var (answer, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, ("expectedTerms", "1"));
        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Contains("<a href=\"/orders\">your orders</a>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("disabled>Purchase", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Others for sale", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ticket-reserved")]
    [InlineData("ticket-sold")]
    [InlineData("ticket-withdrawn")]
    public async Task A_ticket_that_is_gone_cannot_be_pressed_again_though_it_still_shows_as_open(string code)
    {
        Refuse("orders", "/api/orders", 409, code);
        var (_, html) = await site.Post("/tickets/t1/purchase", Site.Buyer, ("expectedTerms", "1"));
        Assert.Contains("disabled>Purchase", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_that_has_ended_shows_no_card_form_and_one_that_was_never_begun_shows_it()
    {
        site.Apps.Reply("orders", "/api/orders/t1-1", Order);
        site.Apps.Reply("payments", "/api/payments/config", """{"publishableKey":"pk_test_1","scriptUrl":"https://js.stripe.com/v3/"}""");
        Refuse("payments", "/api/payments/t1-1", 404, "payment-not-found");
        var (_, first) = await site.Get("/orders/t1-1/checkout", Site.Buyer);
        Assert.Contains("""data-amount="4550" data-currency="usd" data-order="t1-1" """.TrimEnd(), first, StringComparison.Ordinal);
        site.Apps.Reply("payments", "/api/payments/t1-1",
            """{"orderId":"t1-1","status":"failed","amount":4550,"currency":"usd","attemptsLeft":0}""");
        var (_, ended) = await site.Get("/orders/t1-1/checkout", Site.Buyer);
        Assert.Contains("cannot be paid any more", ended, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"pay\"", ended, StringComparison.Ordinal);
    }

    // Reads succeed; the action is refused.
    void Refuse(string app, string path, int status, string code)
    {
        site.Apps.Reply("tickets", "/api/tickets/t1", Ticket);
        site.Apps.Reply(app, path, request => request.Method == HttpMethod.Get
            ? new(HttpStatusCode.OK) { Content = new StringContent(Ticket, null, "application/json") }
            : new((HttpStatusCode)status)
            {
                Headers = { { "Retry-After", "7" } },
                Content = new StringContent($$"""
                    {"type":"/problems/{{code}}","title":"Words of {{code}}.","status":{{status}},"max":20,"price":5000}
                    """, null, "application/problem+json"),
            });
    }

    // A refusal in the sources is a status next to a code.
    static Dictionary<string, int> Refusals() =>
        (from file in Directory.EnumerateFiles(Repository.At("services"), "*.cs", SearchOption.AllDirectories)
         where !file.Contains("/obj/", StringComparison.Ordinal)
         from Match match in Refusal().Matches(File.ReadAllText(file))
         select (Code: match.Groups[2].Value, Status: int.Parse(match.Groups[1].Value, null)))
        .Append(("invalid", 400)).Append(("unauthenticated", 401)).Append(("forbidden", 403))
        .Append(("not-found", 404)).Append(("too-many-requests", 429)).Append(("unavailable", 503))
        .DistinctBy(refusal => refusal.Item1).ToDictionary(refusal => refusal.Item1, refusal => refusal.Item2);

    [GeneratedRegex(@"\b([45]\d\d), ""([a-z]+(?:-[a-z]+)+)""")]
    private static partial Regex Refusal();
}
