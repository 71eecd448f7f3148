using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Ticketing.Common;
using Ticketing.Testing;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web.Tests;

/// <summary>
/// Right-to-left text of users is isolated on every page, so that it does not reorder the price or the words beside it:
/// by <c>bdi</c> or <c>dir=auto</c> in elements, by Unicode's isolates in attributes and titles.
/// </summary>
public sealed class DirectionTests(Site site) : IClassFixture<Site>
{
    const string Written = "שלום 12, (עולם)!";
    static readonly DateTimeOffset At = new(2031, 6, 1, 18, 30, 0, TimeSpan.Zero);

    /// <summary>Every page, and the least number of times it shows text of users.</summary>
    static readonly (Type Page, string Path, int Least)[] Visits =
    [
        (typeof(HomePage), "/?q={0}&max={0}", 4), (typeof(HomePage), "/", 3), (typeof(HomePage), "/?q=none&max={0}&from=2031-01-01&tz={0}", 2),
        (typeof(TicketPage), "/tickets/t1", 6), (typeof(SellPage), "/sell", 0), (typeof(SellPage), "/tickets/t1/edit", 6),
        (typeof(MyListingsPage), "/listings", 5), (typeof(MyOrdersPage), "/orders", 1), (typeof(OrderPage), "/orders/paid-1", 5),
        (typeof(OrderPage), "/orders/ended-1", 2), (typeof(OrderPage), "/orders/held-1", 1), (typeof(CheckoutPage), "/orders/held-1/checkout", 3),
        (typeof(ReceiptPage), "/orders/paid-1/receipt", 4),
        (typeof(ConsolePage), "/console?subject={0}&app={0}&type={0}", 4), (typeof(ConsolePage), "/console?trace={0}", 2),
        (typeof(DeadLettersPage), "/console/letters", 3), (typeof(SignInPage), "/signin?to=/{0}", 0), (typeof(ErrorPage), "/{0}", 0),
        (typeof(StatusPage), "/status", 0), (typeof(DocsPage), "/docs", 0), (typeof(EventDocsPage), "/docs/events", 0),
        (typeof(ApiPage), "/docs/orders", 0), (typeof(ProblemPage), "/problems/card-declined", 0),
        (typeof(AccountPage), "/account", 1), (typeof(ErasedPage), "/account/erased", 0), (typeof(AuditLogPage), "/console/audit", 0),
    ];

    [Fact]
    public void Every_page_is_looked_at()
    {
        var pages = typeof(HomePage).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(HomePage).Namespace && type.IsAssignableTo(typeof(IComponent)));
        Assert.Equal(pages.Select(page => page.Name).Order(), Visits.Select(visit => visit.Page.Name).Distinct().Order());
    }

    [Fact]
    public async Task What_people_wrote_keeps_its_direction_to_itself_on_every_page()
    {
        FillPages();
        var wrong = new List<string>();
        foreach (var (_, path, least) in Visits)
        {
            var document = await Page(HttpMethod.Get, path.Replace("{0}", Uri.EscapeDataString(Written)));
            Check(document, path, least, wrong);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_form_that_is_shown_again_does_so_too()
    {
        FillPages();
        var wrong = new List<string>();
        foreach (var (path, fields, least) in new (string, string[], int)[]
                 {
                     ("/sell", ["title", "venue", "seat", "price", "startsAt"], 9),
                     ("/signin", ["email"], 1), ("/signup", ["email"], 1),
                     ("/orders/paid-1/refund-request", ["reason"], 6),
                 })
        {
            var form = fields.Select(field => KeyValuePair.Create(field, Written));
            var document = await Page(HttpMethod.Post, path, new FormUrlEncodedContent(form));
            Check(document, $"POST {path}", least, wrong);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("<p>{0}</p>", false)]
    [InlineData("<p>“{0}”: $45</p>", false)]
    [InlineData("<p dir=auto>“{0}”: $45</p>", false)]
    [InlineData("<p dir=rtl>{0}</p>", false)]
    [InlineData("<p title='{0}'>x</p>", false)]
    [InlineData("<input value='{0}'>", false)]
    [InlineData("<input type=hidden value='{0}'>", true)]
    [InlineData("<bdi>{0}</bdi>", true)]
    [InlineData("<bdi><b>{0}</b></bdi>", true)]
    [InlineData("<p dir=auto> {0} </p>", true)]
    [InlineData("<p title='Sold: \u2068{0}\u2069'>x</p>", true)]
    [InlineData("<input value='{0}' dir=auto>", true)]
    [InlineData("<p>\u2068{0}\u2069 and \u2068{0}\u2069</p>", true)]
    [InlineData("<p>\u2068{0}\u2069 and {0}</p>", false)]
    public void This_test_sees_what_is_wrong(string html, bool isRight)
    {
        var wrong = new List<string>();
        Check(new HtmlParser().ParseDocument(html.Replace("{0}", Written)), "", 1, wrong);
        Assert.Equal(isRight, wrong.Count == 0);
    }

    static void Check(IDocument document, string path, int least, List<string> wrong)
    {
        var found = 0;
        foreach (var node in document.Descendants())
        {
            if (node is IText text && text.Data.Contains(Written, StringComparison.Ordinal))
                Count(IsAlone(text) || IsIsolated(text.Data), $"{node.ParentElement?.OuterHtml}");
            foreach (var attribute in (node as IElement)?.Attributes ?? Enumerable.Empty<IAttr>())
            {
                if (attribute.Value.Contains(Written, StringComparison.Ordinal))
                    Count(IsIsolated(attribute.Value) || IsTyped((IElement)node, attribute),
                        ((IElement)node.Clone(false)).OuterHtml);
            }
        }
        if (found < least)
            wrong.Add($"{path}: shown {found} times, not {least}");

        void Count(bool isRight, string where)
        {
            found++;
            if (!isRight)
                wrong.Add($"{path}: {where}");
        }
    }

    // The nearest element with its own direction contains nothing else.
    static bool IsAlone(IText text) => text.ParentElement?.Closest("bdi, [dir]") is { } element
        && (element.LocalName == "bdi" || element.GetAttribute("dir") == "auto") && element.TextContent.Trim() == Written;

    static bool IsIsolated(string text) =>
        !text.Replace($"\u2068{Written}\u2069", "").Contains(Written, StringComparison.Ordinal);

    static bool IsTyped(IElement element, IAttr attribute) => attribute.Name == "value" && element.LocalName is "input" or "option"
        && (element.GetAttribute("dir") == "auto" || element.GetAttribute("type") == "hidden");

    async Task<IDocument> Page(HttpMethod method, string path, HttpContent? form = null)
    {
        var token = TestSessions.Good(Site.Buyer, TimeProvider.System.GetUtcNow(), Site.Buyer);
        token.Claims[SessionToken.RoleClaim] = SessionToken.Operator;
        token.Claims["email"] = Written;
        using var request = new HttpRequestMessage(method, path) { Content = form };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestSessions.Sign(token));
        var (answer, _) = await site.Send(request);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }

    void FillPages()
    {
        site.Apps.Reset();
        var ticket = new TicketDto("t1", Written, 4550, "usd", Site.Buyer, "open", 3, Written, At, Written);
        var sold = ticket with { Id = "paid", Status = "sold", OrderId = "paid-1" };
        Json("tickets", "/api/tickets/t1", ticket);
        Json("tickets", "/api/tickets/paid", sold);
        Json("tickets", "/api/tickets/ended", ticket with { Id = "ended", SellerId = "other" });
        Json("tickets", "/api/tickets/mine", new Paged<TicketDto>([ticket, sold]));
        site.Apps.Reply("tickets", "/api/tickets", request => Answer(new Paged<TicketDto>(
            request.RequestUri!.Query.Contains("q=", StringComparison.Ordinal) ? [] : [ticket with { Id = "t2" }])));
        var order = new OrderDto("held-1", "held", Written, 4550, "usd", "awaitingPayment", At, At, 3);
        Json("orders", "/api/orders", new Paged<OrderDto>([order]));
        Json("orders", "/api/orders/held-1", order);
        Json("orders", "/api/orders/paid-1", order with { Id = "paid-1", TicketId = "paid", Status = "complete" });
        Json("orders", "/api/orders/ended-1", order with { Id = "ended-1", TicketId = "ended", Status = "cancelled", Reason = "expired" });
        Json("orders", "/api/orders/refund-requests", new RefundRequestListDto([new("paid-1", Written, At)]));
        site.Apps.Reply("orders", "/api/orders/paid-1/refund-request", Mistake, HttpStatusCode.BadRequest);
        site.Apps.Reply("auth", "/api/users/signin", Mistake, HttpStatusCode.BadRequest);
        site.Apps.Reply("auth", "/api/users/signup", Mistake, HttpStatusCode.BadRequest);
        site.Apps.Reply("orders", "/openapi/v1.json", """{"paths":{}}""");
        site.Apps.Reply("auth", "/api/users/me/sessions", $$"""
            {"items":[{"id":"s1","beganAt":"2031-01-01T00:00:00Z","renewedAt":"2031-01-01T00:00:00Z","from":"1.2.3.4",
             "browser":"{{Written}}","current":true}]}
            """);
        Json("orders", "/internal/dead-letters", new LetterList([new(Written, "pubsub", "orders", "order.created", Written, At, 2, Written, [new("data.reason", Written)])]));
    }

    const string Mistake = """
        {"type":"/problems/invalid","title":"Mistakes","status":400,"errors":{"reason":["No."],"email":["No."]}}
        """;

    void Json<T>(string app, string path, T value) => site.Apps.Reply(app, path, _ => Answer(value));

    static HttpResponseMessage Answer<T>(T value) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(JsonSerializer.Serialize(value, JsonSerializerOptions.Web), null, "application/json"),
    };
}
