using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Ticketing.Web.Api;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Prices as people of several languages type and read them.</summary>
[Collection("journeys")]
public sealed class PriceTests(BrowserShop shop) : IAsyncLifetime
{
    readonly WebWithFakeApps _web = new(shop);

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Theory]
    [InlineData("en-US", "1,000", "US$1,000.00")]
    [InlineData("de-DE", "1.000", "1.000,00\u00a0US$")]
    [InlineData("ja-JP", "１，０００", "US$1,000.00")]
    [InlineData("ar", "١٬٠٠٠", "١٬٠٠٠٫٠٠\u00a0US$")]
    public async Task A_thousand_is_typed_and_shown_in_the_sellers_language(string language, string typed, string shown)
    {
        var page = await _web.Page();
        await page.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["Accept-Language"] = language });
        await page.GotoAsync("/sell");
        await page.Locator("#price").FillAsync(typed);
        await Expect(page.Locator("#preview .price")).ToHaveTextAsync(shown);
    }

    [Fact]
    public async Task The_currency_of_the_greatest_price_is_chosen_and_remembered()
    {
        _web.Reply("tickets", "/internal/currencies", """{"items":[{"code":"usd"},{"code":"eur"},{"code":"jpy"}]}""");
        _web.Reply("tickets", "/api/tickets", """{"items":[],"next":"abc"}""");
        var page = await _web.Page();
        await page.GotoAsync("/");
        await page.GetByLabel("Up to").FillAsync("45");
        await page.GetByLabel("Currency").SelectOptionAsync("eur");
        await Expect(page).ToHaveURLAsync(new Regex("max=45&currency=eur"));
        await Expect(page.GetByText("Nothing for up to €45.00")).ToBeVisibleAsync();
        await page.GetByLabel("Sort by").SelectOptionAsync("price");
        await Expect(page).ToHaveURLAsync(new Regex("max=45&currency=eur&.*sort=price"));
        await Expect(page.GetByLabel("Currency")).ToHaveValueAsync("eur");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at every price" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/\\?currency=eur&sort=price$"));
    }

    [Fact]
    public async Task The_edit_form_keeps_the_currency_of_the_ticket()
    {
        _web.Reply("tickets", "/api/tickets/t1", JsonSerializer.Serialize(
            new TicketDto("t1", "Retro", 52_000, "nok", WebWithFakeApps.Buyer, "open", 3), JsonSerializerOptions.Web));
        var page = await _web.Page();
        await page.GotoAsync("/tickets/t1/edit");
        await Expect(page.Locator("#currency")).ToHaveValueAsync("nok");
        await Expect(page.Locator("#price")).ToHaveValueAsync("520.00");
        await Expect(page.Locator("#preview .price")).ToHaveTextAsync("NOK 520.00");
    }
}
