using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Screens that a working shop shows rarely, or only after a long time.</summary>
[Collection("journeys")]
public sealed class RareScreensTests(BrowserShop shop) : IAsyncLifetime
{
    static readonly TimeSpan Hold = TimeSpan.FromMinutes(15), Around = TimeSpan.FromSeconds(6);

    readonly WebWithFakeApps _web = new(shop);
    readonly ScreenChecks _checks = new();

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Fact]
    public async Task Time_left_is_announced_at_five_two_and_one_minute_and_else_not()
    {
        _web.SetTicket("locked", order: WebWithFakeApps.Order);
        _web.SetOrder("awaitingPayment", left: Hold);
        var page = await _web.Page();
        await page.Clock.InstallAsync();
        await page.GotoAsync($"/orders/{WebWithFakeApps.Order}");
        await page.EvaluateAsync("""
            globalThis.said = [];
            const say = document.getElementById('say'), clock = document.querySelector('[data-expires]');
            new MutationObserver(() => said.push([clock.querySelector('b').textContent, say.textContent].join(' ')))
              .observe(say, { childList: true });
            """);
        await Expect(page.Locator("#say")).ToHaveRoleAsync(AriaRole.Status);
        // Jumps from one announcement to the next, and runs second by second around each.
        var left = Hold;
        foreach (var mark in new[] { 300, 120, 60, 20 }.Select(seconds => TimeSpan.FromSeconds(seconds)))
        {
            await page.Clock.FastForwardAsync((long)(left - mark - Around).TotalMilliseconds);
            await page.Clock.RunForAsync((long)(2 * Around).TotalMilliseconds);
            left = mark - Around;
        }

        Assert.Equal(
            ["5:00 5 minutes left", "2:00 2 minutes left", "1:00 1 minute left", "0:20 20 seconds left"],
            await page.EvaluateAsync<string[]>("said"));
        await Expect(page).ToHaveTitleAsync("Held for you · Ticketing");
    }

    [Fact]
    public async Task Every_end_of_an_order_is_accessible_and_fits()
    {
        var page = await _web.Page();
        _web.Reply("orders", "/api/orders/refund-requests",
            $$"""{"items":[{"orderId":"{{WebWithFakeApps.Order}}","reason":"My train is on strike.","at":"2031-01-02T00:00:00Z"}]}""");
        (string Name, string Ticket, string Status, string? Reason, string Query, string Heading)[] ends =
        [
            ("order-expired", "open", "cancelled", "expired", "", "Your time ran out"),
            ("order-expired-and-gone", "locked", "cancelled", "expired", "", "Your time ran out"),
            ("order-payment-failed", "open", "cancelled", "payment-failed", "", "Payment failed"),
            ("order-complete-refund-asked", "sold", "complete", null, "", "It’s yours"),
            ("order-refunding", "sold", "refunding", null, "", "Refund on its way"),
            ("order-refunded", "sold", "refunded", null, "", "Refunded"),
            ("order-confirming", "locked", "awaitingPayment", null, "?paying=true", "Confirming your payment…"),
        ];
        foreach (var end in ends)
        {
            _web.SetTicket(end.Ticket, order: end.Status == "cancelled" ? "t1-2" : WebWithFakeApps.Order);
            _web.SetOrder(end.Status, end.Reason);
            await page.GotoAsync($"/orders/{WebWithFakeApps.Order}{end.Query}");
            await Expect(page.Locator("h1")).ToHaveTextAsync(end.Heading);
            await _checks.Check(page, end.Name);
        }

        // The hold is over, but the order is not yet marked as expired.
        _web.SetOrder("awaitingPayment", left: TimeSpan.Zero);
        await page.GotoAsync($"/orders/{WebWithFakeApps.Order}/checkout");
        await Expect(page.GetByText("The card form can't be shown right now.")).ToBeVisibleAsync();
        await _checks.Check(page, "checkout-without-payments");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task Every_failure_is_accessible_and_fits()
    {
        _web.SetTicket("open");
        _web.Reply("tickets", "/api/tickets/broken", () => throw new InvalidOperationException("A bug."));
        _web.Reply("tickets", "/api/tickets/resting", "{}", HttpStatusCode.ServiceUnavailable);
        var page = await _web.Page();
        foreach (var (path, status) in new[]
                 {
                     ("/tickets/none", 404), ("/tickets/t1/edit", 403), ("/tickets/broken", 500), ("/tickets/resting", 503),
                 })
        {
            Assert.Equal(status, (await page.GotoAsync(path))!.Status);
            await _checks.Check(page, $"error-{status}");
        }

        _checks.AssertPassed();
    }

    [Fact]
    public async Task Who_was_too_fast_sees_how_long_to_wait_and_then_what_was_asked_for()
    {
        const int seconds = 400;
        _web.SetTicket("open");
        _web.Reply("tickets", "/api/tickets/t1", () => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { { "Retry-After", $"{seconds}" } },
        });
        var page = await _web.Page();
        await page.Clock.InstallAsync();
        Assert.Equal(429, (await page.GotoAsync("/tickets/t1"))!.Status);
        await page.Clock.RunForAsync(10_000);
        await Expect(page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new Regex("^3[789][0-9]$"));
        await _checks.Check(page, "error-429");
        _web.SetTicket("open");
        await page.Clock.RunForAsync(seconds * 1000);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Hamlet, stalls");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task Dead_letters_of_an_operator_are_accessible_and_fit()
    {
        _web.Reply("orders", "/internal/dead-letters", """
            {"version":3,"letters":[{"id":"orders:abc-1:3","pubsub":"pubsub","topic":"orders","type":"order.created","subject":"abc-1",
             "members":[{"name":"data.title","value":"text of 6"}],"fault":"InvalidOperationException: Sequence contains no elements","keptAt":"2031-01-01T00:00:00Z","tries":2}]}
            """);
        var page = await _web.Page(isOperator: true);
        await page.GotoAsync("/console/letters");
        await Expect(page.GetByText("Sequence contains no elements")).ToBeVisibleAsync();
        await _checks.Check(page, "console-letters-full");
        _checks.AssertPassed();
    }
}
