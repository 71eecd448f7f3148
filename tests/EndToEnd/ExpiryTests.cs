using System.Globalization;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Waits for a hold to end; in its own collection, so that it runs in parallel to the other tests.</summary>
public sealed class ExpiryTests(BrowserShop shop) : IAsyncDisposable
{
    static readonly TimeSpan TurnsWithin = TimeSpan.FromSeconds(2), Fast = TimeSpan.FromHours(1);

    // A device whose clock is an hour fast.
    const string AnHourFast = """
        { const real = Date; globalThis.Date = class extends real {
            constructor(...of) { of.length ? super(...of) : super(real.now() + 3_600_000); }
            static now() { return real.now() + 3_600_000; }
        }; }
        """;

    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_hold_that_ends_under_the_buyers_eyes_turns_the_page_and_can_be_taken_again()
    {
        var (_, ticket) = await _visitors.ListTicket("Fado for one");
        var (buyer, watcher) = (await _visitors.SignedIn(prelude: AnHourFast), await _visitors.Anonymous());
        await watcher.Page.GotoAsync("/?q=fado+for+one");
        await buyer.Purchases(ticket);
        var clock = buyer.Page.Locator("[data-expires]");
        var end = DateTimeOffset.Parse((await clock.GetAttributeAsync("data-expires"))!, CultureInfo.InvariantCulture);
        // Read at one instant, by the device's own clock.
        var read = await clock.EvaluateAsync<string[]>("c => [c.querySelector('b').textContent, `${Date.now()}`]");
        var now = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(read[1], CultureInfo.InvariantCulture)) - Fast;
        Assert.InRange((TimeProvider.System.GetUtcNow() - now).TotalMinutes, -1, 1);
        Assert.InRange((end - now - TimeSpan.ParseExact(read[0], @"m\:ss", null)).TotalSeconds, -1, 1);

        await Expect(buyer.Heading("Your time ran out")).ToBeVisibleAsync(new()
        {
            Timeout = (float)(BrowserShop.Hold + TimeSpan.FromSeconds(10)).TotalMilliseconds,
        });
        // The time of the navigation; how long this machine then takes to render the page is not measured.
        var turned = await buyer.Page.EvaluateAsync<double>("performance.timeOrigin");
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds((long)turned) - end, TimeSpan.Zero, TurnsWithin);
        await Expect(buyer.Text("You have not been charged")).ToBeVisibleAsync();
        await Expect(watcher.Page.Locator(".tile")).ToHaveAttributeAsync("data-state", "open", new() { Timeout = 1000 });
        await buyer.Button("Hold it again").ClickAsync();
        await buyer.IsAtCheckout();
    }
}
