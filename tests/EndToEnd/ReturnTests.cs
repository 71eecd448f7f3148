using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>The button "Tell me if it comes back".</summary>
[Collection("journeys")]
public sealed class ReturnTests(BrowserShop shop) : IAsyncDisposable
{
    // As on a phone: there a page may not create a notification itself, only its service worker may.
    const string Phone = """
        globalThis.asked = 0;
        globalThis.Notification = class extends Notification {
          static async requestPermission() { asked++; return super.requestPermission(); }
          constructor() { throw new TypeError('Illegal constructor.'); }
        };
        """;

    const string Notices = "navigator.serviceWorker.ready.then(w => w.getNotifications()).then(all => all.map(one => one.title))";

    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Who_asked_is_told_by_the_page_its_title_and_the_desktop_once_and_only_of_that_ticket()
    {
        var (seller, ticket) = await _visitors.ListTicket("Zither for one");
        var other = await seller.Lists("Zither for one", 5000);
        var (buyer, watcher) = (await _visitors.SignedIn(), await _visitors.SignedIn(prelude: Phone));
        var order = await buyer.Orders(ticket);
        var page = watcher.Page;
        await page.Context.GrantPermissionsAsync(["notifications"]);
        await page.GotoAsync(ticket);
        await watcher.WaitForLiveUpdates();
        await Expect(watcher.Tile(ticket)).ToHaveAttributeAsync("data-state", "locked");
        await page.ReloadAsync();                              // with other tickets for sale on it
        await Expect(watcher.Tile(other)).ToHaveAttributeAsync("data-state", "open");
        await watcher.WaitForLiveUpdates();
        Assert.Equal(0, await page.EvaluateAsync<int>("asked"));
        await watcher.Button("Tell me if it comes back").ClickAsync();
        await Expect(watcher.Button("You will be told while this page is open")).ToBeDisabledAsync();
        Assert.Equal(1, await page.EvaluateAsync<int>("asked"));

        var another = await buyer.Orders(other);               // a ticket without a notice, on the same page
        await Expect(watcher.Tile(other)).ToHaveAttributeAsync("data-state", "locked");
        await buyer.CancelsOrder(another);
        await Expect(watcher.Tile(other)).ToHaveAttributeAsync("data-state", "open");
        await Expect(page).ToHaveTitleAsync(new Regex("^\u2068?Zither for one"));

        await buyer.CancelsOrder(order);
        await Expect(page).ToHaveTitleAsync(new Regex("^It is back! \u2068?Zither for one"));
        await Expect(watcher.Tile(ticket).Locator(".state[role=status]")).ToHaveTextAsync("It is back: you can buy it now");
        await Expect(watcher.Button("Purchase")).ToBeEnabledAsync();
        await page.WaitForFunctionAsync($"{Notices}.then(all => all.length)");
        Assert.Equal(["\u2068Zither for one\u2069 is for sale again"], await page.EvaluateAsync<string[]>(Notices));

        await buyer.Orders(ticket);                            // sold again: the notice must go away
        await Expect(page).ToHaveTitleAsync(new Regex("^\u2068?Zither for one"));
        await Expect(watcher.Button("Tell me if it comes back")).ToBeEnabledAsync();
    }
}
