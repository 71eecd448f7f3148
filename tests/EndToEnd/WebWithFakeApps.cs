using System.Net;
using Microsoft.Playwright;
using Ticketing.Common;
using Ticketing.Testing;
using Ticketing.Web.Tests;

namespace Ticketing.EndToEnd;

/// <summary>The web client with fake services behind it, and browsers in which a buyer is signed in.</summary>
public sealed class WebWithFakeApps(BrowserShop shop) : IAsyncLifetime
{
    public const string Buyer = "buyer", Order = "t1-1";
    const string Seller = "seller";

    readonly Site _site = new();
    readonly List<IBrowserContext> _browsers = [];

    public ValueTask InitializeAsync() => _site.InitializeAsync();

    /// <summary>A new page in the buyer's browser, or in an operator's.</summary>
    public async Task<IPage> Page(bool isOperator = false, bool script = true, string? zone = null)
    {
        var browser = await shop.Browser(script: script, zone: zone, site: _site.Address);
        _browsers.Add(browser);
        var token = TestSessions.Good(Buyer, TimeProvider.System.GetUtcNow(), Buyer);
        if (isOperator) token.Claims[SessionToken.RoleClaim] = SessionToken.Operator;
        await browser.AddCookiesAsync([new() { Name = BrowserCookies.PlainSession, Value = TestSessions.Sign(token), Url = $"{_site.Address}" }]);
        return await browser.NewPageAsync();
    }

    /// <summary>Sets the ticket that the fake tickets service returns.</summary>
    public void SetTicket(string status, string seller = Seller, string? order = null)
    {
        var ticket = $$"""
            {"id":"t1","title":"Hamlet, stalls","price":4550,"currency":"usd","sellerId":"{{seller}}","status":"{{status}}","version":3,
             "venue":"The Globe","seat":"D 14","startsAt":"2031-06-01T18:30:00Z"{{(order is null ? "" : $",\"orderId\":\"{order}\"")}}}
            """;
        Reply("tickets", "/api/tickets/t1", ticket);
        Reply("tickets", "/api/tickets", $$"""{"items":[{{ticket.Replace("\"t1\"", "\"t2\"", StringComparison.Ordinal)}}]}""");
    }

    /// <summary>Sets the order that the fake orders service returns.</summary>
    /// <param name="left">How long it still holds the ticket.</param>
    public void SetOrder(string status, string? reason = null, TimeSpan? left = null)
    {
        var end = TimeProvider.System.GetUtcNow() + (left ?? TimeSpan.FromMinutes(15));
        Reply("orders", $"/api/orders/{Order}", $$"""
            {"id":"{{Order}}","ticketId":"t1","title":"Hamlet, stalls","price":4550,"currency":"usd","status":"{{status}}",
             "expiresAt":"{{end:O}}","createdAt":"{{end.AddMinutes(-15):O}}","version":2{{(reason is null ? "" : $",\"reason\":\"{reason}\"")}}}
            """);
        Reply("orders", $"/api/orders/{Order}/timeline", $$"""
            {"items":[{"at":"{{end.AddMinutes(-15):O}}","type":"order.created","why":"Asked."},
             {"at":"{{end.AddMinutes(-14):O}}","type":"order.awaiting-payment","why":"Locked."}]}
            """);
    }

    public void Reply(string app, string path, string json, HttpStatusCode status = HttpStatusCode.OK) =>
        _site.Apps.Reply(app, path, json, status);

    public void Reply(string app, string path, Func<HttpResponseMessage> answer) =>
        _site.Apps.Reply(app, path, _ => answer());

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers) await BrowserShop.Close(browser);
        await _site.DisposeAsync();
    }
}
