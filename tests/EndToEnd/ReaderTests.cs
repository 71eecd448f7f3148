using System.Text.Json;
using System.Text.RegularExpressions;
using Ticketing.Common;
using Ticketing.Web.Api;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Long texts of users on the smallest phone, and dates in the reader's time zone.</summary>
[Collection("journeys")]
public sealed class ReaderTests(BrowserShop shop) : IAsyncLifetime
{
    const int Phone = 320;
    static readonly DateTimeOffset At = new(2031, 6, 1, 18, 30, 0, TimeSpan.Zero);

    readonly WebWithFakeApps _web = new(shop);

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Theory]
    [InlineData("W", 200)]
    [InlineData("https://example.com/a/very/long/path?and=more&", 4)]
    [InlineData("ﷺ", 200)]
    [InlineData("東", 200)]
    [InlineData("🎸", 100)]
    public async Task One_long_word_wraps_on_every_page_of_the_smallest_phone(string letters, int times)
    {
        var word = string.Concat(Enumerable.Repeat(letters, times));
        FillPages(word);
        var (query, some) = (Uri.EscapeDataString(word), Uri.EscapeDataString(word[..90]));
        var page = await _web.Page(isOperator: true);
        await page.SetViewportSizeAsync(Phone, 844);
        var wrong = new List<string>();
        foreach (var path in new[]
                 {
                     "/", $"/?q={query}", $"/?q=none&max={query}", "/tickets/t1", "/tickets/t1/edit", "/listings", "/orders",
                     "/orders/paid-1", "/orders/paid-1/receipt", "/orders/ended-1", "/orders/held-1", "/orders/held-1/checkout", "/console/letters",
                     $"/console?subject={some}", $"/console?trace={some}", $"/signin?to=/{query}", $"/{query}",
                 })
        {
            await page.GotoAsync(path);
            if (await ScreenChecks.WidestElement(page, Phone) is { Length: > 0 } widest)
                wrong.Add($"{path}: {widest}");
        }
        await page.GotoAsync("/sell");
        foreach (var label in new[] { "What is it for?", "Where (optional)", "Seat (optional)" })
            await page.GetByLabel(label).FillAsync(word);
        if (await ScreenChecks.WidestElement(page, Phone) is { Length: > 0 } preview)
            wrong.Add($"/sell: {preview}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_day_begins_where_the_reader_is_and_the_address_says_so()
    {
        FillPages("Hamlet");
        var page = await _web.Page(zone: "Asia/Tokyo");
        await page.GotoAsync("/");
        var from = page.GetByLabel("From", new() { Exact = true });
        await from.FillAsync("2034-12-31");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("tz=Asia%2FTokyo&from=2034-12-31"));
        await Expect(from).ToHaveValueAsync("2034-12-31");

        // A link from a person in another time zone: its day is in that zone, and the page says so.
        await page.GotoAsync("/?from=2034-12-31&tz=America/Havana");
        await Expect(page.GetByLabel("From (America/Havana)")).ToHaveValueAsync("2034-12-31");
    }

    void FillPages(string word)
    {
        var ticket = new TicketDto("t1", word, 4550, "usd", WebWithFakeApps.Buyer, "open", 3, word, At, word);
        var sold = ticket with { Id = "paid", Status = "sold", OrderId = "paid-1" };
        Reply("tickets", "/api/tickets/t1", ticket);
        Reply("tickets", "/api/tickets/paid", sold);
        Reply("tickets", "/api/tickets/ended", ticket with { Id = "ended", SellerId = "other" });
        Reply("tickets", "/api/tickets/mine", new Paged<TicketDto>([ticket, sold, ticket with { Id = "t3", Status = "locked" }]));
        Reply("tickets", "/api/tickets", new Paged<TicketDto>([ticket with { Id = "t2" }]));
        var order = new OrderDto("held-1", "held", word, 4550, "usd", "awaitingPayment", At, At, 3);
        Reply("orders", "/api/orders", new Paged<OrderDto>([order]));
        Reply("orders", "/api/orders/held-1", order);
        Reply("orders", "/api/orders/paid-1", order with { Id = "paid-1", TicketId = "paid", Status = "complete" });
        Reply("orders", "/api/orders/ended-1", order with { Id = "ended-1", TicketId = "ended", Status = "cancelled", Reason = "expired" });
        Reply("orders", "/api/orders/refund-requests", new RefundRequestListDto([new("paid-1", word, At)]));
        Reply("orders", "/internal/dead-letters", new LetterList([new(word, "pubsub", "orders", "order.created", word, At, 2, word, [new("data.reason", word)])]));
    }

    void Reply<T>(string app, string path, T value) =>
        _web.Reply(app, path, JsonSerializer.Serialize(value, JsonSerializerOptions.Web));
}
