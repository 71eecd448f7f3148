using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class SellerTests(Shop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_listing_is_seen_at_once_by_its_seller_edited_and_withdrawn()
    {
        var seller = await _visitors.Member();
        await seller.Page.GotoAsync("/sell");
        await seller.Page.GetByLabel("What is it for?").FillAsync("Polka for one");
        await seller.Page.GetByLabel("Price").FillAsync("free");
        await seller.Button("Put it on sale").ClickAsync();
        await Expect(seller.Page.Locator("#errors")).ToBeFocusedAsync();
        await Expect(seller.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Error: "));
        await seller.Page.GetByLabel("Price").FillAsync("45.5");
        await Expect(seller.Page.Locator("#payout")).ToContainTextAsync("$45.50");
        await seller.Button("Put it on sale").ClickAsync();
        await Person.Sees(seller.Page.Locator(".entry", new() { HasText = "Polka for one" }));
        await seller.Link("Edit").ClickAsync();
        await seller.Page.GetByLabel("Price").FillAsync("50");
        await seller.Button("Save").ClickAsync();
        await Expect(seller.Page.Locator(".entry")).ToContainTextAsync("$50.00");
        await seller.Link("Edit").ClickAsync();
        await seller.Text("Take it off sale").First.ClickAsync();
        await seller.Button("Take it off sale for good").ClickAsync();
        await Expect(seller.Page.Locator(".entry")).ToContainTextAsync("Withdrawn");
    }

    [Fact]
    public async Task A_ticket_that_is_being_bought_cannot_be_edited_and_says_why_and_a_sold_one_is_refunded()
    {
        var (seller, ticket) = await _visitors.Listed("Tango for one");
        await seller.Page.GotoAsync(ticket + "/edit");
        var buyer = await _visitors.Member();
        await buyer.Purchases(ticket);
        await seller.Page.GetByLabel("Price").FillAsync("60");
        await seller.Button("Save").ClickAsync();
        await Expect(seller.Text("Somebody is buying it")).ToBeVisibleAsync();
        await Expect(seller.Page.GetByLabel("Price")).ToBeDisabledAsync();

        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
        await seller.Page.GotoAsync("/listings");
        await seller.Text("You cannot give it after all?").ClickAsync();
        await seller.Button("Refund the buyer").ClickAsync();
        await buyer.SeesHeading("Refunded");
        await Expect(buyer.Text("$45.50 was sent back to the card you paid with")).ToBeVisibleAsync();
    }
}
