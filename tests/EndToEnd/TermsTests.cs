using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Ticketing.Web.Api;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>A seller changes a ticket while people look at it.</summary>
[Collection("journeys")]
public sealed class TermsTests(BrowserShop shop) : IAsyncLifetime
{
    static readonly TicketDto Seen = new("t1", "Hamlet", 4550, "usd", "seller", "open", 3, "The Globe",
        new(2031, 6, 30, 23, 0, 0, TimeSpan.Zero), "D 14", TimeZone: "Asia/Tokyo", TermsVersion: 2);

    readonly WebWithFakeApps _web = new(shop);
    volatile string _event = "";

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    public static TheoryData<TicketDto, string, string> Changes => new()
    {
        { Seen with { Price = 6000 }, "US$60.00", "The price has just changed" },
        { Seen with { Currency = "gbp" }, "£45.50", "The price has just changed" },
        { Seen with { Title = "Macbeth" }, "Macbeth", "The title has just changed" },
        { Seen with { Seat = "E 15" }, "E 15", "The seat has just changed" },
        { Seen with { Venue = "The Met" }, "The Met", "The venue has just changed" },
        { Seen with { TimeZone = "Europe/London" }, "Jul 1, 2031, 12:00 AM GMT+1", "The date has just changed" },
        { Seen with { Title = "Macbeth", Seat = "E 15" }, "Macbeth", "The title and the seat have just changed" },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public async Task Every_term_that_changes_is_shown_and_told_and_sent_only_when_it_has_been_seen(
        TicketDto now, string shown, string told)
    {
        var page = await Open("/tickets/t1", zone: "America/New_York");
        await Expect(page.GetByText("Jul 1, 2031, 8:00 AM GMT+9")).ToBeVisibleAsync();
        await page.EvaluateAsync("""
            globalThis.at = {};
            new MutationObserver(() => {
              at[document.querySelector('input[name=expectedTerms]').value] ??= performance.now();
              if (document.querySelector('.state').textContent) at.told ??= performance.now();
            }).observe(document.querySelector('[data-ticket]'), { subtree: true, childList: true, characterData: true });
            """);
        Announce(now with { Version = 4, TermsVersion = 3 });
        await Expect(page.GetByText(shown).First).ToBeVisibleAsync();
        await Expect(page.Locator(".state[role=status]")).ToHaveTextAsync(told);
        // Whoever presses at once has not seen it: for two seconds the old number is sent, and refused.
        await Expect(page.Locator("input[name=expectedTerms]")).ToHaveAttributeAsync("value", "3");
        Assert.InRange(await page.EvaluateAsync<double>("at[3] - at.told"), 1900, 20_000);
        await Expect(page).ToHaveTitleAsync($"\u2068{now.Title}\u2069 · Ticketing");
    }

    [Fact]
    public async Task Who_presses_at_old_terms_is_shown_the_old_and_the_new_ones()
    {
        var page = await Open("/tickets/t1");
        Set(Seen with { Title = "Macbeth", Price = 6000, Seat = null, StartsAt = Seen.StartsAt!.Value.AddDays(1), TermsVersion = 3 });
        _web.Reply("orders", "/api/orders", """{"type":"/problems/terms-changed","title":"No.","status":409}""", HttpStatusCode.Conflict);
        await page.GetByRole(AriaRole.Button, new() { Name = "Purchase" }).ClickAsync();
        await Expect(page.GetByText("The price, the title, the date and the seat have changed")).ToBeVisibleAsync();
        await Expect(page.GetByText("Price: was US$45.50, now US$60.00")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Purchase it as it is now" })).ToBeEnabledAsync();
        var checks = new ScreenChecks();
        await checks.Check(page, "ticket-changed");
        checks.AssertPassed();
    }

    [Fact]
    public async Task A_tile_is_repainted_and_an_event_of_an_older_build_takes_nothing_away()
    {
        var page = await Open("/", zone: "Asia/Tokyo");
        var tile = page.Locator("[data-ticket=t1]");
        Announce(Seen with { Seat = "E 15", Price = 6000, Version = 4, TermsVersion = 3 });
        await Expect(tile).ToContainTextAsync("E 15");
        await Expect(tile.Locator(".price")).ToHaveTextAsync("US$60.00");
        await Expect(tile.Locator(".state")).ToHaveTextAsync("The price and the seat have just changed");

        Send("""{"id":"t1","status":"locked","price":6000,"currency":"usd","version":5}""");
        await Expect(tile).ToHaveAttributeAsync("data-state", "locked");
        await Expect(tile).ToContainTextAsync("The Globe · E 15");
        await Expect(tile).ToContainTextAsync("Jul 1, 2031, 8:00 AM GMT+9");
    }

    [Fact]
    public async Task Without_the_servers_answer_no_price_is_shown_and_the_old_terms_are_sent()
    {
        var page = await Open("/tickets/t1");
        await page.RouteAsync("**/terms?*", route => route.AbortAsync());
        Send(Json(Seen with { Price = 6000, Version = 4, TermsVersion = 3 }));
        await Expect(page.Locator(".price").First).ToHaveTextAsync("—");
        await Expect(page.Locator("input[name=expectedTerms]")).ToHaveAttributeAsync("value", "2");
        await page.UnrouteAsync("**/terms?*");
        Announce(Seen with { Price = 7000, Version = 5, TermsVersion = 4 });
        await Expect(page.Locator(".price").First).ToHaveTextAsync("US$70.00");
    }

    /// <summary>A page whose event stream gives the last event again and again.</summary>
    async Task<IPage> Open(string path, string? zone = null)
    {
        Set(Seen);
        var page = await _web.Page(zone: zone);
        await page.RouteAsync("**/api/tickets/live?*", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream", Body = $"retry: 100\n\n{_event}",
        }));
        await page.GotoAsync(path);
        return page;
    }

    void Announce(TicketDto now)
    {
        Set(now);
        Send(Json(now));
    }

    void Send(string ticket) => _event = $"event: edited\ndata: {ticket}\n\n";

    static string Json(TicketDto ticket) => JsonSerializer.Serialize(ticket, JsonSerializerOptions.Web);

    void Set(TicketDto ticket)
    {
        _web.Reply("tickets", "/api/tickets/t1", Json(ticket));
        _web.Reply("tickets", "/api/tickets", $$"""{"items":[{{Json(ticket)}}]}""");
    }
}
