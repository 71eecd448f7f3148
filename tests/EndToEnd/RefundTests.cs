using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class RefundTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_buyer_who_cannot_go_asks_and_the_seller_gives_the_money_back()
    {
        var (seller, ticket) = await _visitors.ListTicket("Rumba for one");
        var buyer = await _visitors.SignedIn();
        await buyer.PaysByApi(await buyer.Orders(ticket));
        await buyer.Text("Can’t go after all?").ClickAsync();
        await buyer.Button("Ask for a refund").ClickAsync();
        await Expect(buyer.Page.Locator("#errors")).ToBeFocusedAsync();
        await buyer.Page.GetByLabel("Tell the seller why").FillAsync("My train is on strike");
        await buyer.Button("Ask for a refund").ClickAsync();
        await Person.Sees(buyer.Text("You asked the seller for your money back"));

        await seller.Page.GotoAsync("/listings");
        await Person.Sees(seller.Text("My train is on strike"));
        await seller.Text("Give the money back?").ClickAsync();
        await seller.Page.ScreenshotAsync(new() { Path = Path.Combine(BrowserShop.Screenshots, "refund-asked.png") });
        await seller.Button("Refund the buyer").ClickAsync();
        await buyer.SeesHeading("Refunded");
    }
}
