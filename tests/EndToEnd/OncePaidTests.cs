using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>One order is charged once, however slow the bank and impatient the buyer.</summary>
[Collection("journeys")]
public sealed class OncePaidTests(BrowserShop shop) : IAsyncDisposable
{
    static readonly TimeSpan Slow = TimeSpan.FromSeconds(4);

    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_slow_bank_is_waited_for_by_a_page_that_goes_on_by_itself_or_by_reload()
    {
        const int cents = 4_242;
        var (_, ticket) = await _visitors.ListTicket("Organ for one", cents);
        var buyer = await _visitors.SignedIn();
        await buyer.Purchases(ticket);
        var stripe = await TestStripe.Of(buyer.Page);
        var otherTab = new Person(await buyer.Page.Context.NewPageAsync());
        await otherTab.Page.GotoAsync(buyer.Page.Url);
        await otherTab.TypesCard(Card.Good);
        var plain = await _visitors.OnOtherDevice(buyer, script: false);

        await buyer.Pays(Card.Slow);
        await buyer.SeesHeading("Confirming your payment");
        await otherTab.PayButton.ClickAsync();
        await otherTab.SeesHeading("Confirming your payment");
        await plain.Page.GotoAsync(buyer.Page.Url);
        await plain.SeesHeading("Confirming your payment");

        await buyer.SeesHeading("It’s yours");   // without a reload
        await otherTab.SeesHeading("It’s yours");
        await plain.Page.ReloadAsync();
        await plain.SeesHeading("It’s yours");
        await stripe.AssertPaidOnce(cents);
    }

    [Fact]
    public async Task Double_clicks_a_reload_in_the_middle_a_lost_answer_and_going_back_pay_once()
    {
        const int cents = 4_343;
        var (_, ticket) = await _visitors.ListTicket("Lute for one", cents);
        var buyer = await _visitors.SignedIn();
        await buyer.Page.GotoAsync(ticket);
        await buyer.Button("Purchase").DblClickAsync();
        await buyer.IsAtCheckout();
        var checkout = buyer.Page.Url;
        var stripe = await TestStripe.Of(buyer.Page);

        await stripe.FailNextCharge("delay", Slow);     // before the charge
        await buyer.TypesCard(Card.Good);
        await buyer.PayButton.DblClickAsync();
        await Expect(buyer.PayButton).ToHaveTextAsync("Paying…");
        await buyer.Page.ReloadAsync();
        Assert.Empty(await stripe.Movements(cents));

        await buyer.TypesCard(Card.Good);
        await buyer.PayButton.DblClickAsync();
        await buyer.SeesHeading("It’s yours");

        await buyer.Page.GoBackAsync();
        await Expect(buyer.Button("Purchase")).ToHaveCountAsync(0);
        await buyer.Page.GotoAsync(checkout);
        await buyer.SeesHeading("It’s yours");
        await buyer.Page.ReloadAsync();
        await stripe.AssertPaidOnce(cents);
    }

    [Fact]
    public async Task A_bank_that_could_not_be_heard_is_not_said_to_have_taken_nothing()
    {
        const int cents = 4_444;
        var (_, ticket) = await _visitors.ListTicket("Lyre for one", cents);
        var buyer = await _visitors.SignedIn();
        await buyer.Purchases(ticket);
        var stripe = await TestStripe.Of(buyer.Page);
        await stripe.FailNextCharge("lose-reply", TimeSpan.Zero);
        await buyer.Pays(Card.Good);
        await Person.Sees(buyer.Text("nothing is ever taken twice").Or(buyer.Heading("It’s yours")));
        await Expect(buyer.Text("Nothing was taken")).ToHaveCountAsync(0);
        await buyer.SeesHeading("It’s yours");
        await stripe.AssertPaidOnce(cents);
    }
}
