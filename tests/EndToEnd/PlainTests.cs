using Ticketing.Testing;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>Without JavaScript, and without a mouse.</summary>
[Collection("journeys")]
public sealed class PlainTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task Without_javascript_everything_works_but_typing_the_card()
    {
        var (_, ticket) = await _visitors.ListTicket("Tuba for one");
        var person = await _visitors.Anonymous(script: false);
        await person.Page.GotoAsync("/signup");
        await person.Page.GetByLabel("E-mail").FillAsync(person.Email);
        await person.Page.GetByLabel("Password").FillAsync(Person.Password);
        await person.Page.Locator("main button").ClickAsync();
        await person.Page.GetByLabel("Show, venue, city or seat").FillAsync("tuba for one");
        await person.Button("Search").ClickAsync();
        await person.Page.Locator($"a[href='{ticket}']").ClickAsync();
        await person.Button("Purchase").ClickAsync();
        await person.IsAtCheckout();
        await Expect(person.Text("held for you until")).ToBeVisibleAsync();
        await Expect(person.Text("Typing a card needs JavaScript")).ToBeVisibleAsync();

        // Without script there is no card form; the payment is made elsewhere, such as on another device.
        var payment = await person.Page.Context.APIRequest.PostAsync("/api/payments", new()
        {
            DataObject = new { orderId = person.Page.Url.Split('/')[^2], paymentMethod = "pm_card_visa" },
        });
        Assert.True(payment.Ok);
        // Authorized; the order is told soon after, and a page without script shows it when it is loaded again.
        await Eventually.Is(async () =>
        {
            await person.Page.GotoAsync("/orders");
            return (await person.Page.Locator(".entry").InnerTextAsync()).Contains("Paid", StringComparison.Ordinal);
        });
        await person.Link("Tuba for one").ClickAsync();
        await person.SeesHeading("It’s yours");
    }

    [Fact]
    public async Task With_the_keyboard_alone_a_ticket_is_found_and_paid()
    {
        await _visitors.ListTicket("Kazoo for one");
        var person = await _visitors.SignedIn();
        await person.Page.GotoAsync("/");
        await Tabs(person, "Skip to the content");
        await person.Page.Keyboard.PressAsync("Enter");
        await Tabs(person, "Show, venue, city or seat");
        await person.Page.Keyboard.TypeAsync("kazoo for one");
        await person.Page.Keyboard.PressAsync("Enter");
        await Person.Sees(person.Page.GetByText("Results for"));
        await Tabs(person, "Kazoo for one");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.SeesHeading("Kazoo for one");
        await Tabs(person, "Purchase");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.IsAtCheckout();
        await Expect(person.Page.FrameLocator("#card iframe").GetByLabel("Card number")).ToBeVisibleAsync();
        // Tabs through the frame: its fields take the focus, and the page gets it back after the last.
        await TabsIntoCard(person);
        foreach (var typed in new[] { Card.Good, "1240", "123" })
        {
            await person.Page.Keyboard.TypeAsync(typed);
            await person.Page.Keyboard.PressAsync("Tab");
        }

        await Tabs(person, "Pay US$45.50");
        await person.Page.Keyboard.PressAsync("Enter");
        await person.SeesHeading("It’s yours");
    }

    const int TabsMax = 40;

    /// <summary>Presses Tab until the element with this name has the focus, visibly.</summary>
    static async Task Tabs(Person person, string name)
    {
        for (var pressed = 0; pressed < TabsMax; pressed++)
        {
            if (await person.Page.EvaluateAsync<string>(Focused) == name) return;
            await person.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{TabsMax} times Tab did not reach '{name}' on {person.Page.Url}.");
    }

    static async Task TabsIntoCard(Person person)
    {
        for (var pressed = 0; pressed < TabsMax; pressed++)
        {
            if (await person.Page.EvaluateAsync<bool>("document.activeElement?.tagName === 'IFRAME'")) return;
            await person.Page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail("Tab does not reach the card.");
    }

    // The accessible name of an element; "" if the element or its focus ring is not visible.
    const string Focused = """
        () => {
          const e = document.activeElement, box = e.getBoundingClientRect();
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          if (top !== e && !e.contains(top) && !top?.contains(e)) return '';
          if (e !== document.body && getComputedStyle(e).outlineStyle === 'none') return '';
          return e.labels?.[0]?.textContent ?? e.textContent.trim();
        }
        """;
}
