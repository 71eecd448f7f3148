using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class AccountTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Who_has_to_sign_up_on_the_way_comes_back_to_the_ticket()
    {
        var (_, ticket) = await _visitors.ListTicket("Samba for one");
        var buyer = await _visitors.Anonymous();
        await buyer.Page.GotoAsync(ticket);
        await buyer.Button("Purchase").ClickAsync();
        await buyer.Page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Sign up" }).ClickAsync();
        await buyer.Page.GetByLabel("E-mail").FillAsync(buyer.Email);
        await buyer.Page.GetByLabel("Password").FillAsync(Person.Password);
        await buyer.Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Sign up" }).ClickAsync();
        await buyer.SeesHeading("Samba for one");
        Assert.EndsWith(ticket, buyer.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_in_one_tab_ends_every_tab_and_makes_a_stolen_cookie_worthless()
    {
        var person = await _visitors.SignedIn();
        var thief = await _visitors.OnOtherDevice(person);
        await thief.Page.GotoAsync("/orders");
        await thief.SeesHeading("My orders");

        var otherTab = await person.Page.Context.NewPageAsync();
        await otherTab.GotoAsync("/orders");
        await person.Page.GotoAsync("/");
        await person.Button("Sign out").ClickAsync();
        await person.Page.WaitForURLAsync(new Regex("/signedout$"));
        await otherTab.WaitForURLAsync(new Regex("/signin"));
        await thief.Page.ReloadAsync();
        await thief.Page.WaitForURLAsync(new Regex("/signin"));
    }
}
