using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Text typed into a form is neither truncated nor lost.</summary>
[Collection("journeys")]
public sealed class FormTests(BrowserShop shop) : IAsyncLifetime
{
    readonly WebWithFakeApps _web = new(shop);
    int _sent;

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A_password_that_is_too_long_is_neither_cut_nor_sent_and_its_length_is_told()
    {
        var page = await _web.Page();
        await page.GotoAsync("/signup");
        await page.RouteAsync("**/signup", route => { _sent++; return route.AbortAsync(); });
        var password = page.GetByLabel("Password");
        await page.GetByLabel("E-mail").FillAsync("ada@example.com");
        await password.FillAsync(new string('a', 140));
        await Expect(page.Locator("#password-long")).ToHaveTextAsync("At most 128 characters: yours has 140.");
        await Expect(password).ToHaveAttributeAsync("aria-invalid", "true");
        await password.PressAsync("Enter");
        await Expect(password).ToHaveValueAsync(new string('a', 140));
        await Expect(password).ToBeFocusedAsync();
        Assert.Equal(0, _sent);
        await password.FillAsync(string.Concat(Enumerable.Repeat("🎫", 128)));   // counts as 256 for a maxlength
        await Expect(page.Locator("#password-long")).ToBeEmptyAsync();
        await Expect(password).Not.ToHaveAttributeAsync("aria-invalid", "true");
    }

    [Fact]
    public async Task What_a_seller_types_is_not_cut_and_is_told_to_be_too_long()
    {
        var page = await _web.Page();
        await page.GotoAsync("/sell");
        foreach (var name in new[] { "title", "venue", "seat" })
        {
            await page.Locator($"#{name}").FillAsync(new string('x', 212));
            await Expect(page.Locator($"#{name}")).ToHaveValueAsync(new string('x', 212));
            await Expect(page.Locator($"#{name}-long")).ToHaveTextAsync("At most 200 characters: yours has 212.");
        }
    }

    [Fact]
    public async Task No_page_cuts_what_is_typed_or_makes_a_phone_zoom_in()
    {
        _web.SetTicket("sold", order: WebWithFakeApps.Order);
        _web.SetOrder("complete");
        var page = await _web.Page();
        foreach (var path in new[] { "/", "/signin", "/signup", "/sell", $"/orders/{WebWithFakeApps.Order}" })
        {
            await page.GotoAsync(path);
            Assert.Empty(await page.EvaluateAsync<string[]>("""
                [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
                  .filter(e => e.hasAttribute('maxlength') || parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML)
                """));
        }
    }
}
