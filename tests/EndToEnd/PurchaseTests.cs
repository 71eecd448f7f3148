using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

[Collection("one shop")]
public class PurchaseTests(Shop shop)
{
    const string Good = "4242424242424242", Declined = "4000000000000002";

    [Fact]
    public async Task A_ticket_is_listed_and_bought_and_no_card_digit_reaches_the_shop()
    {
        var (_, ticket) = await Listed("Opera for one");
        var buyer = await Person.SignUp(await shop.Browser());
        var leaks = new List<string>();
        buyer.Page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != shop.Url.Authority) return;
            if (request.Url.Contains(Good) || request.PostData?.Contains(Good) == true) leaks.Add(request.Url);
        };
        await buyer.Purchases(ticket);
        await buyer.Pays(Good);
        await buyer.SeesHeading("It’s yours");
        Assert.Empty(leaks);
    }

    [Fact]
    public async Task A_declined_card_keeps_the_ticket_and_another_card_pays_for_it()
    {
        var (_, ticket) = await Listed("Ballet for one");
        var buyer = await Person.SignUp(await shop.Browser(width: 390));
        await buyer.Purchases(ticket);
        await buyer.Pays(Declined);
        await buyer.Sees(buyer.Page.GetByText("Nothing was taken"));
        await buyer.Pays(Good);
        await buyer.SeesHeading("It’s yours");
    }

    [Fact]
    public async Task A_lock_shows_to_others_in_place_and_ends_when_the_buyer_gives_it_back()
    {
        var (_, ticket) = await Listed("Jazz for one");
        var watcher = await (await shop.Browser()).NewPageAsync();
        var buyer = await Person.SignUp(await shop.Browser());
        await watcher.GotoAsync("/?q=Jazz+for+one");
        var tile = watcher.Locator($"[data-ticket='{ticket.Split('/')[^1]}']");
        await Assertions.Expect(tile).ToHaveAttributeAsync("data-state", "open");
        await buyer.Purchases(ticket);
        await Assertions.Expect(tile).ToHaveAttributeAsync("data-state", "locked", new() { Timeout = 10_000 });
        Assert.Null(await tile.Locator("[data-link]").GetAttributeAsync("href"));
        await buyer.Page.GetByRole(AriaRole.Button, new() { Name = "Give the ticket back" }).ClickAsync();
        await Assertions.Expect(tile).ToHaveAttributeAsync("data-state", "open", new() { Timeout = 10_000 });
    }

    async Task<(Person Seller, string Ticket)> Listed(string title)
    {
        var seller = await Person.SignUp(await shop.Browser());
        return (seller, await seller.Lists(title, "45.50"));
    }
}
