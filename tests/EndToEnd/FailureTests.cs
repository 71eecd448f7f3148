using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class FailureTests(BrowserShop shop) : IAsyncDisposable
{
    static readonly TimeSpan Recovers = TimeSpan.FromSeconds(20);

    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_service_that_hangs_takes_its_panel_away_and_the_rest_goes_on()
    {
        var (_, ticket) = await _visitors.ListTicket("Harp for one");
        var buyer = await _visitors.SignedIn();
        var order = await buyer.Orders(ticket);
        using (shop.Suspend("Ticketing.Payments.dll"))
        {
            await buyer.Page.GotoAsync($"/orders/{order}/checkout");
            await Expect(buyer.Text("The card form can't be shown right now")).ToBeVisibleAsync();
            await Expect(buyer.Page.GetByRole(Microsoft.Playwright.AriaRole.Timer)).ToBeVisibleAsync();
            await buyer.Page.GotoAsync("/orders");
            await Expect(buyer.Page.Locator(".entry")).ToContainTextAsync("Held for you");
            await buyer.Page.GotoAsync("/?q=harp");
            await buyer.SeesHeading("Results for");
        }

        // Requests reach it again as soon as its sidecar finds it healthy.
        var deadline = TimeProvider.System.GetUtcNow() + Recovers;
        do await buyer.Page.GotoAsync($"/orders/{order}/checkout");
        while (!await buyer.Page.Locator("#pay").IsVisibleAsync() && TimeProvider.System.GetUtcNow() < deadline);
        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
    }
}
