using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Ticketing.Web.Api;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>A receipt on the screen and on paper.</summary>
[Collection("journeys")]
public sealed partial class ReceiptTests(BrowserShop shop) : IAsyncLifetime
{
    static readonly DateTimeOffset Bought = new(2031, 1, 1, 12, 0, 0, TimeSpan.Zero);

    readonly WebWithFakeApps _web = new(shop);

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Theory]
    [InlineData("complete")]
    [InlineData("refunding")]
    [InlineData("refunded")]
    public async Task It_is_accessible_and_one_page_of_every_paper(string status)
    {
        Set(status, string.Concat(Enumerable.Repeat("Hamlet ", 28)));
        var page = await _web.Page(zone: "America/New_York");
        await page.GotoAsync($"/orders/{WebWithFakeApps.Order}/receipt");
        await Expect(page.GetByText("Jul 1, 2031, 8:00 AM GMT+9")).ToBeVisibleAsync();
        await Expect(page.GetByText("Jan 1, 2031, 7:02 AM EST")).ToBeVisibleAsync();
        var checks = new ScreenChecks();
        await checks.Check(page, $"receipt-{status}");
        checks.AssertPassed();
        // Dark on the screen; the paper is white.
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        foreach (var paper in new[] { "A4", "Letter" })
        {
            var pdf = await page.PdfAsync(new()
            {
                Format = paper, Path = Path.Combine(BrowserShop.Screenshots, $"receipt-{status}-{paper}.pdf"),
            });
            Assert.Single(PageObject().Matches(Encoding.Latin1.GetString(pdf)));
        }
    }

    [Fact]
    public async Task On_paper_there_is_nothing_but_the_receipt()
    {
        Set("complete", "Hamlet");
        var page = await _web.Page();
        await page.GotoAsync($"/orders/{WebWithFakeApps.Order}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Receipt" }).ClickAsync();
        var print = page.GetByRole(AriaRole.Button, new() { Name = "Print or save as PDF" });
        await page.EvaluateAsync("globalThis.print = () => { document.title = 'printed'; }");
        await print.ClickAsync();
        await Expect(page).ToHaveTitleAsync("printed");
        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Dark });
        await page.ScreenshotAsync(new() { Path = Path.Combine(BrowserShop.Screenshots, "receipt-print.png") });
        foreach (var gone in new[] { page.Locator("header"), page.Locator("footer"), print, page.GetByText("Back to the order") })
            await Expect(gone).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Receipt" })).ToBeVisibleAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await Expect(page.Locator(".receipt .total .num")).ToHaveCSSAsync("color", "rgb(0, 0, 0)");

        var plain = await _web.Page(script: false);
        await plain.GotoAsync($"/orders/{WebWithFakeApps.Order}/receipt");
        await Expect(plain.Locator("[data-print]")).ToBeHiddenAsync();
        await Expect(plain.GetByText("Visa, ending in 4242")).ToBeVisibleAsync();
    }

    void Set(string status, string title)
    {
        const string id = WebWithFakeApps.Order;
        Reply("orders", $"/api/orders/{id}", new OrderDto(id, "t1", title, 4550, "usd", status, Bought.AddMinutes(15), Bought, 3,
            Venue: "The Globe", StartsAt: new(2031, 6, 30, 23, 0, 0, TimeSpan.Zero), Seat: "D 14", TimeZone: "Asia/Tokyo"));
        Reply("payments", $"/api/payments/{id}", new PaymentDto(id, "captured", 4550, "usd", 3, new("visa", "4242"),
            Bought.AddMinutes(2), Bought.AddDays(3)));
        Reply("tickets", "/api/tickets/t1", new TicketDto("t1", title, 4550, "usd", "seller", "sold", 9));
    }

    void Reply<T>(string app, string path, T value) =>
        _web.Reply(app, path, JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)")]
    private static partial Regex PageObject();
}
