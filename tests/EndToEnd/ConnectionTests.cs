using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>
/// The list is up to date again after the network, the server or the page was suspended, in any number of tabs.
/// </summary>
[Collection("journeys")]
public sealed class ConnectionTests(BrowserShop shop) : IAsyncDisposable
{
    const int TabsMax = 8;
    static readonly TimeSpan AWhile = TimeSpan.FromSeconds(60);

    // A headless browser reports every tab as visible; this script lets a test hide the page.
    const string InTheBackground = """
        globalThis.away = true;
        Object.defineProperty(document, 'hidden', { get: () => globalThis.away });
        globalThis.turn = away => { globalThis.away = away; document.dispatchEvent(new Event('visibilitychange')); };
        """;

    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task After_a_minute_without_network_the_rows_are_right_again()
    {
        var (_, ticket) = await _visitors.ListTicket("Drum for one");
        var (watcher, buyer) = (await _visitors.Anonymous(), await _visitors.SignedIn());
        await watcher.Page.Clock.InstallAsync();
        await watcher.Page.GotoAsync("/?q=drum+for+one");
        await watcher.WaitForLiveUpdates();
        var tile = watcher.Tile(ticket);

        await watcher.Page.Context.SetOfflineAsync(true);
        await watcher.Page.Clock.FastForwardAsync((long)AWhile.TotalMilliseconds);
        await Expect(watcher.Page.Locator("html")).Not.ToHaveAttributeAsync("data-live", "");
        var order = await buyer.Orders(ticket);
        await Expect(tile).ToHaveAttributeAsync("data-state", "open");
        await watcher.Page.Context.SetOfflineAsync(false);
        await Expect(tile).ToHaveAttributeAsync("data-state", "locked");

        await buyer.CancelsOrder(order);
        await Expect(tile).ToHaveAttributeAsync("data-state", "open");
    }

    [Fact]
    public async Task A_server_that_has_gone_silent_is_asked_anew()
    {
        var watcher = await _visitors.Anonymous();
        await watcher.Page.Clock.InstallAsync();
        await watcher.Page.GotoAsync("/");
        await watcher.WaitForLiveUpdates();
        // By this device's clock, more time than between two heartbeats has passed without any.
        await watcher.Page.RunAndWaitForRequestAsync(
            () => watcher.Page.Clock.FastForwardAsync((long)AWhile.TotalMilliseconds),
            request => request.Url.Contains("/api/tickets/live?ids=", StringComparison.Ordinal));
        await watcher.WaitForLiveUpdates();
    }

    [Fact]
    public async Task Eight_tabs_load_and_each_shows_a_lock_also_when_the_one_that_listens_is_closed()
    {
        var (_, ticket) = await _visitors.ListTicket("Fife for one");
        var (watcher, buyer) = (await _visitors.Anonymous(), await _visitors.SignedIn());
        var tabs = new List<Person> { watcher };
        while (tabs.Count < TabsMax) tabs.Add(new(await watcher.Page.Context.NewPageAsync()));
        foreach (var tab in tabs)
        {
            await tab.Page.GotoAsync("/?q=fife+for+one");
            await tab.WaitForLiveUpdates();
        }

        var order = await buyer.Orders(ticket);
        foreach (var tab in tabs) await Expect(tab.Tile(ticket)).ToHaveAttributeAsync("data-state", "locked");
        await tabs[0].Page.CloseAsync();
        await buyer.CancelsOrder(order);
        foreach (var tab in tabs.Skip(1)) await Expect(tab.Tile(ticket)).ToHaveAttributeAsync("data-state", "open");
    }

    [Fact]
    public async Task A_tab_listens_only_while_it_is_seen_and_is_right_when_it_is_seen_for_the_first_time()
    {
        var (_, ticket) = await _visitors.ListTicket("Gong for one");
        var (reader, buyer) = (await _visitors.Anonymous(prelude: InTheBackground), await _visitors.SignedIn());
        await reader.Page.Clock.InstallAsync();
        await reader.Page.GotoAsync("/");
        await buyer.Orders(ticket);
        await reader.Page.Clock.FastForwardAsync((long)AWhile.TotalMilliseconds);
        var (tile, page) = (reader.Tile(ticket), reader.Page.Locator("html"));
        await Expect(tile).ToHaveAttributeAsync("data-state", "open");

        await reader.Page.EvaluateAsync("turn(false)");
        await Expect(tile).ToHaveAttributeAsync("data-state", "locked");
        await Expect(page).ToHaveAttributeAsync("data-live", "");
        await reader.Page.EvaluateAsync("turn(true)");
        await Expect(page).Not.ToHaveAttributeAsync("data-live", "");
    }
}
