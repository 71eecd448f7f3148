using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>The card processor's script is blocked, or loads and does nothing.</summary>
[Collection("journeys")]
public sealed class BlockedCardTests(BrowserShop shop) : IAsyncLifetime
{
    const string Script = "https://js.stripe.com/v3/";
    const string Checkout = $"/orders/{WebWithFakeApps.Order}/checkout";
    const int PatienceMs = 15_000;

    const string Works = """
        window.Stripe = () => ({ elements: () => ({ create: () => {
          const told = {};
          return { on: (name, tell) => { told[name] = tell; }, destroy() { },
            mount: place => { document.querySelector(place).textContent = 'The fields'; setTimeout(() => told.ready?.(), 10); } };
        } }) });
        """;

    readonly WebWithFakeApps _web = new(shop);
    readonly ScreenChecks _checks = new();

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task A_blocked_script_is_named_and_can_be_asked_for_again_while_the_time_goes_on()
    {
        var page = await Page(route => route.AbortAsync("blockedbyclient"));
        await AssertAlert(page, "The card form of Stripe (js.stripe.com) could not be loaded. A content blocker or the network may be blocking it");
        await Expect(Pay(page)).ToBeDisabledAsync();
        var left = await page.Locator("[data-expires] b").TextContentAsync();
        await Expect(page.Locator("[data-expires] b")).Not.ToHaveTextAsync(left!);
        await _checks.Check(page, "checkout-blocked");
        _checks.AssertPassed();

        await page.UnrouteAsync(Script);
        await page.RouteAsync(Script, route => Send(route, Works));
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(page.GetByText("The fields")).ToBeVisibleAsync();
        await Expect(Pay(page)).ToBeEnabledAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Something_else_in_its_place_is_told_and_a_key_it_does_not_take_too()
    {
        var page = await Page(route => Send(route, "/* blocked */"));
        await AssertAlert(page, "What came from js.stripe.com is not the card form of Stripe");
        page = await Page(route => Send(route, "window.Stripe = () => { throw new Error('Bad key.'); };"));
        await AssertAlert(page, "does not start: Error: Bad key.");
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("is never ready")]
    public async Task What_does_not_come_in_time_is_told_and_if_it_comes_later_it_is_shown(string how)
    {
        IRoute? waiting = null;
        var late = Works.Replace("setTimeout(() => told.ready?.(), 10)", "globalThis.ready = told.ready", StringComparison.Ordinal);
        var page = await Page(route => { waiting = route; return how == "hangs" ? Task.CompletedTask : Send(route, late); }, install: true);
        await Expect(page.Locator("#card")).ToContainTextAsync(how == "hangs" ? "Loading the card form" : "The fields");
        await page.Clock.FastForwardAsync(PatienceMs);
        await AssertAlert(page, "The card form of Stripe (js.stripe.com) has not appeared for 15 seconds");
        await Expect(page.Locator("#card")).ToBeHiddenAsync();
        if (how == "hangs") await Send(waiting!, late);
        await page.WaitForFunctionAsync("'ready' in globalThis");
        await page.EvaluateAsync("globalThis.ready()");
        await Expect(page.GetByText("The fields")).ToBeVisibleAsync();
        await Expect(Pay(page)).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Without_javascript_the_page_says_so_and_offers_another_device()
    {
        Furnish();
        var page = await _web.Page(script: false);
        await page.GotoAsync(Checkout);
        await Expect(page.GetByText("Typing a card needs JavaScript")).ToBeVisibleAsync();
        await Expect(Pay(page)).ToBeDisabledAsync();
    }

    async Task<IPage> Page(Func<IRoute, Task> script, bool install = false)
    {
        Furnish();
        var page = await _web.Page();
        if (install) await page.Clock.InstallAsync();
        await page.RouteAsync(Script, script);
        await page.GotoAsync(Checkout, new() { WaitUntil = WaitUntilState.Commit });
        return page;
    }

    void Furnish()
    {
        _web.SetTicket("locked", order: WebWithFakeApps.Order);
        _web.SetOrder("awaitingPayment");
        _web.Reply("payments", "/api/payments/config", $$"""{"publishableKey":"pk_test_1","scriptUrl":"{{Script}}"}""");
        _web.Reply("payments", $"/api/payments/{WebWithFakeApps.Order}",
            $$"""{"orderId":"{{WebWithFakeApps.Order}}","status":"opened","amount":4550,"currency":"usd","attemptsLeft":3}""");
    }

    static Task Send(IRoute route, string text) => route.FulfillAsync(new() { ContentType = "text/javascript", Body = text });

    static Task AssertAlert(IPage page, string words) => Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(words);

    static ILocator Pay(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Pay US$45.50" });
}
