using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>What a shop that works hardly ever shows, or only after a long while.</summary>
[Collection("journeys")]
public sealed class StagedTests(Shop shop) : IAsyncLifetime
{
    static readonly TimeSpan Hold = TimeSpan.FromMinutes(15), Around = TimeSpan.FromSeconds(6);

    readonly Stage _stage = new(shop);
    readonly Looks _looks = new();

    public ValueTask InitializeAsync() => _stage.InitializeAsync();
    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Time_left_is_announced_at_five_two_and_one_minute_and_else_not()
    {
        _stage.Ticket("locked", order: Stage.Order);
        _stage.OrderIs("awaitingPayment", left: Hold);
        var page = await _stage.Page();
        await page.Clock.InstallAsync();
        await page.GotoAsync($"/orders/{Stage.Order}");
        await page.EvaluateAsync("""
            globalThis.said = [];
            const say = document.getElementById('say'), clock = document.querySelector('[data-expires]');
            new MutationObserver(() => said.push([clock.querySelector('b').textContent, say.textContent].join(' ')))
              .observe(say, { childList: true });
            """);
        await Expect(page.Locator("#say")).ToHaveRoleAsync(AriaRole.Status);
        // From mark to mark in leaps, and second by second past each.
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
        var page = await _stage.Page();
        _stage.Says("orders", "/api/orders/refund-requests",
            $$"""{"items":[{"orderId":"{{Stage.Order}}","reason":"My train is on strike.","at":"2031-01-02T00:00:00Z"}]}""");
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
            _stage.Ticket(end.Ticket, order: end.Status == "cancelled" ? "t1-2" : Stage.Order);
            _stage.OrderIs(end.Status, end.Reason);
            await page.GotoAsync($"/orders/{Stage.Order}{end.Query}");
            await Expect(page.Locator("h1")).ToHaveTextAsync(end.Heading);
            await _looks.At(page, end.Name);
        }

        // The time is over and nobody has said so yet.
        _stage.OrderIs("awaitingPayment", left: TimeSpan.Zero);
        await page.GotoAsync($"/orders/{Stage.Order}/checkout");
        await Expect(page.GetByText("The card form can't be shown right now.")).ToBeVisibleAsync();
        await _looks.At(page, "checkout-without-payments");
        _looks.WereFine();
    }

    [Fact]
    public async Task Every_failure_is_accessible_and_fits()
    {
        _stage.Ticket("open");
        _stage.Says("tickets", "/api/tickets/broken", () => throw new InvalidOperationException("A bug."));
        _stage.Says("tickets", "/api/tickets/resting", "{}", HttpStatusCode.ServiceUnavailable);
        var page = await _stage.Page();
        foreach (var (path, status) in new[]
                 {
                     ("/tickets/none", 404), ("/tickets/t1/edit", 403), ("/tickets/broken", 500), ("/tickets/resting", 503),
                 })
        {
            Assert.Equal(status, (await page.GotoAsync(path))!.Status);
            await _looks.At(page, $"error-{status}");
        }

        _looks.WereFine();
    }

    [Fact]
    public async Task Who_was_too_fast_sees_how_long_to_wait_and_then_what_was_asked_for()
    {
        const int seconds = 400;
        _stage.Ticket("open");
        _stage.Says("tickets", "/api/tickets/t1", () => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { { "Retry-After", $"{seconds}" } },
        });
        var page = await _stage.Page();
        await page.Clock.InstallAsync();
        Assert.Equal(429, (await page.GotoAsync("/tickets/t1"))!.Status);
        await page.Clock.RunForAsync(10_000);
        await Expect(page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new Regex("^3[789][0-9]$"));
        await _looks.At(page, "error-429");
        _stage.Ticket("open");
        await page.Clock.RunForAsync(seconds * 1000);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Hamlet, stalls");
        _looks.WereFine();
    }

    [Fact]
    public async Task Dead_letters_of_an_operator_are_accessible_and_fit()
    {
        _stage.Says("orders", "/internal/dead-letters", """
            {"version":3,"letters":[{"id":"orders:abc-1:3","pubsub":"pubsub","topic":"orders","type":"order.created","subject":"abc-1",
             "members":[{"name":"data.title","value":"text of 6"}],"fault":"InvalidOperationException: Sequence contains no elements","keptAt":"2031-01-01T00:00:00Z","tries":2}]}
            """);
        var page = await _stage.Page(isOperator: true);
        await page.GotoAsync("/console/letters");
        await Expect(page.GetByText("Sequence contains no elements")).ToBeVisibleAsync();
        await _looks.At(page, "console-letters-full");
        _looks.WereFine();
    }
}
