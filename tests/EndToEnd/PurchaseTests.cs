namespace Ticketing.EndToEnd;

[Collection("one shop")]
public class PurchaseTests(Shop shop)
{
    const string Good = "4242424242424242";

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

    async Task<(Person Seller, string Ticket)> Listed(string title)
    {
        var seller = await Person.SignUp(await shop.Browser());
        return (seller, await seller.Lists(title, "45.50"));
    }
}
