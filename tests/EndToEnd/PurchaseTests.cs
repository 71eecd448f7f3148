using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class PurchaseTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);
    readonly ScreenChecks _checks = new();

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task One_number_stands_on_the_list_the_ticket_the_checkout_and_the_receipt()
    {
        var (_, ticket) = await _visitors.ListTicket("Opera for one", cents: 123_450);
        var buyer = await _visitors.SignedIn();
        await buyer.Page.GotoAsync("/?q=opera+for+one");
        var tile = buyer.Tile(ticket);
        await Expect(tile.Locator(".price")).ToHaveTextAsync("US$1,234.50");
        await buyer.Link("Opera for one").ClickAsync();
        await Expect(buyer.Page.Locator(".price").First).ToHaveTextAsync("US$1,234.50");
        await buyer.Button("Purchase").ClickAsync();
        await buyer.IsAtCheckout();
        await Expect(buyer.Page.Locator(".total .num")).ToHaveTextAsync("US$1,234.50");
        await Expect(buyer.Page.Locator("#pay button")).ToHaveTextAsync("Pay US$1,234.50");
        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
        await Expect(buyer.Page.Locator(".note.good")).ToContainTextAsync("Paid US$1,234.50.");
        await buyer.Page.GotoAsync("/orders");
        await Expect(buyer.Page.Locator(".entry").First).ToContainTextAsync("US$1,234.50");
    }

    [Fact]
    public async Task A_declined_card_keeps_the_ticket_and_another_card_pays_for_it()
    {
        var (_, ticket) = await _visitors.ListTicket("Ballet for one");
        var buyer = await _visitors.SignedIn(width: 390);
        await buyer.Purchases(ticket);
        await buyer.Pays(Card.Declined);
        var message = buyer.Page.GetByRole(AriaRole.Alert).And(buyer.Page.Locator("#pay-message"));
        await Expect(message).ToContainTextAsync("Nothing was taken. The ticket is still yours for");
        await Expect(message).ToBeFocusedAsync();
        await Expect(buyer.Page.GetByRole(AriaRole.Timer)).ToBeVisibleAsync();
        await _checks.Check(buyer.Page, "checkout-declined");
        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
        await Expect(buyer.Page.Locator(".story")).ToContainTextAsync("declined");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task A_bank_that_wants_to_see_its_customer_is_shown_him()
    {
        var (_, ticket) = await _visitors.ListTicket("Comedy for one");
        var buyer = await _visitors.SignedIn();
        await buyer.Purchases(ticket);
        await buyer.Pays(Card.ThreeDSecure);
        var bank = buyer.Page.FrameLocator("iframe[title^='Your bank']");
        await bank.GetByRole(AriaRole.Button, new() { Name = "Fail" }).ClickAsync();
        await Expect(buyer.Page.Locator("#pay-message")).ToContainTextAsync("Nothing was taken");
        await buyer.Pays(Card.ThreeDSecure);
        await bank.GetByRole(AriaRole.Button, new() { Name = "Complete" }).ClickAsync();
        await buyer.SeesHeading("It’s yours");
    }
}
