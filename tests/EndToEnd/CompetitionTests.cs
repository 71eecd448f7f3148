using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Several people and one ticket.</summary>
[Collection("journeys")]
public sealed class CompetitionTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Of_two_who_press_at_once_one_pays_and_the_other_is_told_kindly_and_shown_others()
    {
        var (_, ticket) = await _visitors.ListTicket("Rock for one");
        // Without the script, which would disable the button of the slower one.
        Person[] rivals =
            [await _visitors.SignedIn(script: false), await _visitors.SignedIn(width: 390, script: false)];
        foreach (var rival in rivals) await rival.Page.GotoAsync(ticket);
        await Task.WhenAll(rivals.Select(rival => rival.Button("Purchase").ClickAsync()));
        foreach (var rival in rivals)
            await Person.Sees(rival.Heading("Pay for your ticket").Or(rival.Text("Someone was a moment faster")));
        var loser = Assert.Single(rivals, rival => !rival.Page.Url.EndsWith("/checkout", StringComparison.Ordinal));
        await Expect(loser.Text("Nothing was charged")).ToBeVisibleAsync();
        Assert.True(await loser.Page.Locator(".others .tile").CountAsync() >= 3);
        await Expect(loser.Page.Locator(".others .tile a").First).ToHaveAttributeAsync("href", new Regex("^/tickets/.+"));
    }

    [Fact]
    public async Task A_lock_shows_to_others_within_a_second_in_its_place_and_ends_as_quickly()
    {
        var (_, ticket) = await _visitors.ListTicket("Jazz for one");
        var (watcher, buyer) = (await _visitors.Anonymous(), await _visitors.SignedIn());
        await watcher.Page.GotoAsync("/");
        var tile = watcher.Tile(ticket);
        await Expect(tile).ToHaveAttributeAsync("data-state", "open");
        await watcher.WaitForLiveUpdates();
        var place = await tile.BoundingBoxAsync();
        await buyer.Page.GotoAsync(ticket);

        Assert.InRange(await Until(tile, "locked", () => buyer.Button("Purchase").ClickAsync()), 0, 1);
        await Expect(tile).ToContainTextAsync("Someone else is buying this. May come back by");
        Assert.Equal(place!.Y, (await tile.BoundingBoxAsync())!.Y);
        Assert.Null(await tile.Locator("[data-link]").GetAttributeAsync("href"));

        await buyer.IsAtCheckout();
        Assert.InRange(await Until(tile, "open", () => buyer.Button("Give the ticket back").ClickAsync()), 0, 1);
        await tile.ClickAsync();
        await watcher.SeesHeading("Jazz for one");
    }

    [Fact]
    public async Task A_price_that_changes_under_the_buyers_eyes_is_told_and_not_paid_unseen()
    {
        var (seller, ticket) = await _visitors.ListTicket("Circus for one");
        var (buyer, plain) = (await _visitors.SignedIn(), await _visitors.SignedIn(script: false));
        foreach (var person in new[] { buyer, plain }) await person.Page.GotoAsync(ticket);
        await buyer.WaitForLiveUpdates();
        await seller.Page.GotoAsync(ticket + "/edit");
        await seller.Page.GetByLabel("Price").FillAsync("60");
        await seller.Button("Save").ClickAsync();

        await Expect(buyer.Page.Locator(".price").First).ToHaveTextAsync("US$60.00");
        await Expect(buyer.Text("The price has just changed")).ToBeVisibleAsync();
        await plain.Button("Purchase").ClickAsync();
        await Expect(plain.Text("The price has changed since you looked")).ToBeVisibleAsync();
        await Expect(plain.Page.Locator(".price").First).ToHaveTextAsync("US$60.00");
        await plain.Button("Purchase").ClickAsync();
        await plain.IsAtCheckout();
        await Expect(plain.Page.Locator(".total .num")).ToHaveTextAsync("US$60.00");
    }

    /// <returns>Seconds from the action to the tile's change, by the watching browser's own clock.</returns>
    static async Task<double> Until(ILocator tile, string state, Func<Task> act)
    {
        await tile.EvaluateAsync("""
            tile => new MutationObserver(() => { tile.changedAt = Date.now(); })
              .observe(tile, { attributeFilter: ['data-state'] })
            """);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await act();
        await Expect(tile).ToHaveAttributeAsync("data-state", state);
        return (await tile.EvaluateAsync<double>("tile => tile.changedAt") - before) / 1000;
    }
}
