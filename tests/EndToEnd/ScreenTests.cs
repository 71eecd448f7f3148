namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class ScreenTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);
    readonly ScreenChecks _checks = new();

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Every_screen_of_a_visitor_is_accessible_and_fits()
    {
        var person = await _visitors.Anonymous();
        foreach (var path in new[] { "/", "/?q=nothing+is+called+so", "/signin", "/signup", "/status", "/docs", "/docs/orders", "/docs/events" })
            await Check(person, path);
        await Check(person, "/problems/card-declined");
        await Check(person, "/problems/no-such-problem");
        await person.Page.GotoAsync("/signin");
        await person.Page.GetByLabel("E-mail").FillAsync("nobody@example.com");
        await person.Page.GetByLabel("Password").FillAsync("wrong");
        await person.Page.Locator("main button").ClickAsync();
        await CheckOpenPage(person, "signin-refused");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task Every_screen_of_a_seller_is_accessible_and_fits()
    {
        var seller = await _visitors.SignedIn();
        await Check(seller, "/listings", "listings-empty");
        await seller.Page.GotoAsync("/sell");
        await CheckOpenPage(seller, "sell");
        await seller.Button("Put it on sale").ClickAsync();
        await CheckOpenPage(seller, "sell-refused");
        var (open, locked, sold) = (await seller.Lists("Open for one", 100), await seller.Lists("Locked for one", 200),
            await seller.Lists("Sold for one", 300));
        var buyer = await _visitors.SignedIn();
        await buyer.Orders(locked);
        await buyer.PaysByApi(await buyer.Orders(sold));
        await Check(seller, open, "ticket-own");
        await Check(seller, open + "/edit", "edit");
        await Check(seller, locked + "/edit", "edit-locked");
        await Check(seller, "/listings");
        await Check(seller, "/account");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task Every_screen_of_a_buyer_is_accessible_and_fits()
    {
        var buyer = await _visitors.SignedIn();
        await Check(buyer, "/orders", "orders-empty");
        var (_, held) = await _visitors.ListTicket("Whatever a very long title may be that somebody typed for a show");
        await Check(buyer, held, "ticket");
        var order = await buyer.Orders(held);
        await Check(buyer, $"/orders/{order}/checkout", "checkout");
        await buyer.Page.GotoAsync($"/orders/{order}");
        await buyer.Button("Give the ticket back").ClickAsync();
        await buyer.SeesHeading("Given back");
        await CheckOpenPage(buyer, "order-given-back");

        var (_, ticket) = await _visitors.ListTicket("Opera for many");
        order = await buyer.Orders(ticket);
        var other = await _visitors.Anonymous();
        await Check(other, ticket, "ticket-locked");
        await buyer.PaysByApi(order);
        await CheckOpenPage(buyer, "order-paid");
        await Check(other, ticket, "ticket-sold");
        await Check(buyer, "/orders");
        _checks.AssertPassed();
    }

    async Task Check(Person person, string path, string? name = null)
    {
        await person.Page.GotoAsync(path);
        await CheckOpenPage(person, name ?? (path is "/" ? "home" : string.Concat(path.Where(char.IsAsciiLetter))));
    }

    Task CheckOpenPage(Person person, string name) => _checks.Check(person.Page, name);
}
