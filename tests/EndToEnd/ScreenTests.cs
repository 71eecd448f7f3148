using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>Every screen on a small phone and a desk, light and dark: loaded once, then shown in each of the four.</summary>
[Collection("journeys")]
public sealed class ScreenTests(Shop shop) : IAsyncDisposable
{
    const int Desk = 1280, Phone = 320, Height = 844;

    static readonly AxeRunOptions All = Only(
        "tag", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice");

    // Width and colours have each been looked at with every rule: what is left is what depends on both.
    static readonly AxeRunOptions OfBoth = Only("rule", "color-contrast", "target-size");

    static readonly (int Width, ColorScheme Colors, AxeRunOptions Rules)[] Looks =
    [
        (Desk, ColorScheme.Light, All), (Desk, ColorScheme.Dark, OfBoth),
        (Phone, ColorScheme.Light, OfBoth), (Phone, ColorScheme.Dark, All),
    ];

    readonly Visitors _visitors = new(shop);
    readonly List<string> _wrong = [];

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Every_screen_of_a_visitor_is_accessible_and_fits()
    {
        var person = await _visitors.Stranger();
        foreach (var path in new[] { "/", "/?q=nothing+is+called+so", "/signin", "/signup", "/status", "/docs", "/docs/orders",
            "/docs/events", "/nowhere" })
            await Look(person, path);
        await Look(person, "/problems/card-declined");
        await Look(person, "/problems/no-such-problem");
        await person.Page.GotoAsync("/signin");
        await person.Page.GetByLabel("E-mail").FillAsync("nobody@example.com");
        await person.Page.GetByLabel("Password").FillAsync("wrong");
        await person.Page.Locator("main button").ClickAsync();
        await LookAtThis(person, "signin-refused");
        Assert.Equal("", string.Join('\n', _wrong));
    }

    [Fact]
    public async Task Every_screen_of_a_seller_is_accessible_and_fits()
    {
        var seller = await _visitors.Member();
        await Look(seller, "/listings", "listings-empty");
        await seller.Page.GotoAsync("/sell");
        await LookAtThis(seller, "sell");
        await seller.Button("Put it on sale").ClickAsync();
        await LookAtThis(seller, "sell-refused");
        var (open, locked, sold) = (await seller.Lists("Open for one", 100), await seller.Lists("Locked for one", 200),
            await seller.Lists("Sold for one", 300));
        var buyer = await _visitors.Member();
        await buyer.Orders(locked);
        await buyer.PaysByApi(await buyer.Orders(sold));
        await Look(seller, open, "ticket-own");
        await Look(seller, open + "/edit", "edit");
        await Look(seller, locked + "/edit", "edit-locked");
        await Look(seller, "/listings");
        Assert.Equal("", string.Join('\n', _wrong));
    }

    [Fact]
    public async Task Every_screen_of_a_buyer_is_accessible_and_fits()
    {
        var buyer = await _visitors.Member();
        await Look(buyer, "/orders", "orders-empty");
        var (_, held) = await _visitors.Listed("Whatever a very long title may be that somebody typed for a show");
        await Look(buyer, held, "ticket");
        var order = await buyer.Orders(held);
        await Look(buyer, $"/orders/{order}/checkout", "checkout");
        await buyer.Page.GotoAsync($"/orders/{order}");
        await buyer.Button("Give the ticket back").ClickAsync();
        await LookAtThis(buyer, "order-given-back");

        var (_, ticket) = await _visitors.Listed("Opera for many");
        order = await buyer.Orders(ticket);
        var other = await _visitors.Stranger();
        await Look(other, ticket, "ticket-locked");
        await buyer.PaysByApi(order);
        await LookAtThis(buyer, "order-paid");
        await Look(other, ticket, "ticket-sold");
        await Look(buyer, "/orders");
        Assert.Equal("", string.Join('\n', _wrong));
    }

    async Task Look(Person person, string path, string? name = null)
    {
        await person.Page.GotoAsync(path);
        await LookAtThis(person, name ?? (path is "/" ? "home" : string.Concat(path.Where(char.IsAsciiLetter))));
    }

    async Task LookAtThis(Person person, string name)
    {
        var page = person.Page;
        foreach (var (width, colors, rules) in Looks)
        {
            await page.SetViewportSizeAsync(width, Height);
            await page.EmulateMediaAsync(new() { ColorScheme = colors });
            var look = $"{name}, {width} px, {colors}";
            var found = await page.RunAxe(rules);
            _wrong.AddRange(found.Violations.Select(rule =>
                $"{look}: {rule.Id}, {rule.Help}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") > width)
                _wrong.Add($"{look}: scrolls sideways because of {await page.EvaluateAsync<string>(Widest)}");
            if (rules == All) await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Shop.Screenshots, $"{name}-{width}-{colors}.png"),
                FullPage = true,
            });
        }
    }

    static AxeRunOptions Only(string type, params string[] values) => new()
    {
        RunOnly = new() { Type = type, Values = [.. values] },
        ResultTypes = [ResultType.Violations],
    };

    const string Widest = """
        () => [...document.querySelectorAll('main *, header *, footer *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth).map(e => e.outerHTML.slice(0, 80)).join(' | ')
        """;
}
