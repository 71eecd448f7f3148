namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class ScreenTests(Shop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);
    readonly Looks _looks = new();

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Every_screen_of_a_visitor_is_accessible_and_fits()
    {
        var person = await _visitors.Stranger();
        foreach (var path in new[] { "/", "/?q=nothing+is+called+so", "/signin", "/signup", "/status", "/docs", "/docs/orders", "/docs/events" })
            await Look(person, path);
        await Look(person, "/problems/card-declined");
        await Look(person, "/problems/no-such-problem");
        await person.Page.GotoAsync("/signin");
        await person.Page.GetByLabel("E-mail").FillAsync("nobody@example.com");
        await person.Page.GetByLabel("Password").FillAsync("wrong");
        await person.Page.Locator("main button").ClickAsync();
        await LookAtThis(person, "signin-refused");
        _looks.WereFine();
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
        await Look(seller, "/account");
        _looks.WereFine();
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
        _looks.WereFine();
    }

    async Task Look(Person person, string path, string? name = null)
    {
        await person.Page.GotoAsync(path);
        await LookAtThis(person, name ?? (path is "/" ? "home" : string.Concat(path.Where(char.IsAsciiLetter))));
    }

    Task LookAtThis(Person person, string name) => _looks.At(person.Page, name);
}
