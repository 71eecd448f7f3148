using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>A person with their own browser; the methods are what people do on the pages.</summary>
sealed class Person(IPage page)
{
    public const string Password = "a long enough password";

    public IPage Page => page;
    public string Email { get; } = $"{Guid.NewGuid():N}@example.com";

    public ILocator Button(string name) => page.GetByRole(AriaRole.Button, new() { Name = name });
    public ILocator Link(string name) => page.GetByRole(AriaRole.Link, new() { Name = name });
    public ILocator Heading(string words) => page.GetByRole(AriaRole.Heading, new() { Name = words });
    public ILocator Text(string words) => page.GetByText(words);

    /// <summary>By the API, which is quicker than the form; the browser keeps the cookie.</summary>
    public async Task SignsUp()
    {
        var answer = await page.Context.APIRequest.PostAsync("/api/users/signup", new()
        {
            DataObject = new { email = Email, password = Password },
        });
        Assert.Equal(201, answer.Status);
    }

    public async Task TakesSessionOf(Person other)
    {
        var cookies = await other.Page.Context.CookiesAsync();
        await page.Context.AddCookiesAsync(cookies.Select(cookie => new Cookie
        {
            Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path,
        }));
    }

    /// <summary>By the API.</summary>
    /// <returns>The path of the ticket's page.</returns>
    public async Task<string> Lists(string title, int cents)
    {
        var answer = await page.Context.APIRequest.PostAsync("/api/tickets", new()
        {
            DataObject = new { title, price = cents, currency = "usd" },
        });
        Assert.Equal(201, answer.Status);
        return "/tickets/" + (await answer.JsonAsync())!.Value.GetProperty("id").GetString();
    }

    /// <summary>By the API.</summary>
    /// <returns>The order's id.</returns>
    public async Task<string> Orders(string ticket)
    {
        var answer = await page.Context.APIRequest.PostAsync("/api/orders", new()
        {
            DataObject = new { ticketId = ticket.Split('/')[^1] },
        });
        Assert.Equal(201, answer.Status);
        return (await answer.JsonAsync())!.Value.GetProperty("id").GetString()!;
    }

    /// <summary>By the API.</summary>
    public async Task CancelsOrder(string order)
    {
        var answer = await page.Context.APIRequest.DeleteAsync($"/api/orders/{order}");
        Assert.Equal(204, answer.Status);
    }

    /// <summary>Pays by the API, then opens the order's page.</summary>
    public async Task PaysByApi(string order)
    {
        var answer = await page.Context.APIRequest.PostAsync("/api/payments", new()
        {
            DataObject = new { orderId = order, paymentMethod = "pm_card_visa" },
        });
        Assert.True(answer.Ok, await answer.TextAsync());
        await page.GotoAsync($"/orders/{order}");
        await SeesHeading("It’s yours");
    }

    public async Task Purchases(string ticket)
    {
        await page.GotoAsync(ticket);
        await Button("Purchase").ClickAsync();
        await IsAtCheckout();
    }

    public Task IsAtCheckout() => page.WaitForURLAsync(new Regex("/orders/.+/checkout"));

    public async Task TypesCard(string card)
    {
        var frame = page.FrameLocator("#card iframe");
        await frame.GetByLabel("Card number").FillAsync(card);
        await frame.GetByLabel("Expiry").FillAsync("12 / 40");
        await frame.GetByLabel("Security code").FillAsync("123");
    }

    public async Task Pays(string card)
    {
        await TypesCard(card);
        await PayButton.ClickAsync();
    }

    public ILocator PayButton => page.Locator("#pay button");

    /// <summary>Waits until the page's event stream is open: from then on no change is missed.</summary>
    public Task WaitForLiveUpdates() => Expect(page.Locator("html")).ToHaveAttributeAsync("data-live", "");

    public ILocator Tile(string ticket) => page.Locator($"[data-ticket='{ticket.Split('/')[^1]}']");

    public Task SeesHeading(string words) => Sees(Heading(words));

    public static Task Sees(ILocator what) => Expect(what.First).ToBeVisibleAsync();
}
