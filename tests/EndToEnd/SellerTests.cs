using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class SellerTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_listing_is_seen_at_once_by_its_seller_edited_and_withdrawn()
    {
        var seller = await _visitors.SignedIn();
        await seller.Page.GotoAsync("/sell");
        await seller.Page.GetByLabel("What is it for?").FillAsync("Polka for one");
        await seller.Page.GetByLabel("Price").FillAsync("free");
        await seller.Button("Put it on sale").ClickAsync();
        await Expect(seller.Page.Locator("#errors")).ToBeFocusedAsync();
        await Expect(seller.Page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Error: "));
        await seller.Page.GetByLabel("Price").FillAsync("45.5");
        await Expect(seller.Page.Locator("#payout")).ToContainTextAsync("US$45.50");
        await seller.Button("Put it on sale").ClickAsync();
        await Person.Sees(seller.Page.Locator(".entry", new() { HasText = "Polka for one" }));
        await seller.Link("Edit").ClickAsync();
        await seller.Page.GetByLabel("Price").FillAsync("50");
        await seller.Button("Save").ClickAsync();
        await Expect(seller.Page.Locator(".entry")).ToContainTextAsync("US$50.00");
        await seller.Link("Edit").ClickAsync();
        await seller.Text("Take it off sale").First.ClickAsync();
        await seller.Button("Take it off sale for good").ClickAsync();
        await Expect(seller.Page.Locator(".entry")).ToContainTextAsync("Withdrawn");
    }

    [Fact]
    public async Task A_ticket_that_is_being_bought_cannot_be_edited_and_says_why_and_a_sold_one_is_refunded()
    {
        var (seller, ticket) = await _visitors.ListTicket("Tango for one");
        await seller.Page.GotoAsync(ticket + "/edit");
        var buyer = await _visitors.SignedIn();
        await buyer.Purchases(ticket);
        await seller.Page.GetByLabel("Price").FillAsync("60");
        await seller.Button("Save").ClickAsync();
        await Expect(seller.Text("Somebody is buying it")).ToBeVisibleAsync();
        await Expect(seller.Page.GetByLabel("Price")).ToBeDisabledAsync();

        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
        await Expect(seller.Text("It is sold and can no longer be changed")).ToBeVisibleAsync();
        await seller.Page.GotoAsync("/listings");
        await seller.Text("You cannot give it after all?").ClickAsync();
        await seller.Button("Refund the buyer").ClickAsync();
        await buyer.SeesHeading("Refunded");
        await Expect(buyer.Text("US$45.50 was sent back to the card you paid with")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_time_is_typed_and_read_on_the_clocks_of_the_place()
    {
        var seller = await _visitors.SignedIn(zone: "Asia/Tokyo");
        await seller.Page.GotoAsync("/sell");
        await seller.Page.GetByLabel("What is it for?").FillAsync("Koto for one");
        await seller.Page.GetByLabel("Price").FillAsync("20");
        await seller.Page.GetByLabel("When (optional)").FillAsync("2031-07-01T08:00");
        await Expect(seller.Page.Locator("#preview [data-when]")).ToHaveTextAsync("Jul 1, 2031, 8:00 AM Asia/Tokyo");
        await Expect(seller.Page.GetByLabel("Time zone")).ToHaveValueAsync("Asia/Tokyo");
        await seller.Button("Put it on sale").ClickAsync();
        await seller.Link("Edit").ClickAsync();
        await Expect(seller.Page.GetByLabel("When (optional)")).ToHaveValueAsync("2031-07-01T08:00");

        var ticket = new Uri(seller.Page.Url).AbsolutePath.Replace("/edit", "", StringComparison.Ordinal);
        var (buyer, plain) = (
            await _visitors.Anonymous(zone: "America/New_York"), await _visitors.Anonymous(script: false));
        foreach (var person in new[] { buyer, plain }) await person.Page.GotoAsync(ticket);
        await Expect(buyer.Page.Locator(".facts time")).ToHaveTextAsync("Jul 1, 2031, 8:00 AM GMT+9");
        await Expect(plain.Page.Locator(".facts time")).ToHaveTextAsync("Tue 1 Jul 2031, 08:00 GMT+9");
    }
}
