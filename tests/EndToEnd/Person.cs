using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>Somebody at a browser of their own, who does with the pages what people do.</summary>
sealed class Person(IPage page)
{
    const string Password = "a long enough password";

    public IPage Page => page;

    public static async Task<Person> SignUp(IBrowserContext browser)
    {
        var person = new Person(await browser.NewPageAsync());
        await person.Page.GotoAsync("/signup");
        await person.Page.GetByLabel("E-mail").FillAsync($"{Guid.NewGuid():N}@example.com");
        await person.Page.GetByLabel("Password").FillAsync(Password);
        await person.Page.Locator("main button").ClickAsync();
        await Sees(person.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
        return person;
    }

    /// <returns>The path of the ticket's page.</returns>
    public async Task<string> Lists(string title, string price)
    {
        await page.GotoAsync("/sell");
        await page.GetByLabel("What is it for?").FillAsync(title);
        await page.GetByLabel("Price").FillAsync(price);
        await page.GetByRole(AriaRole.Button, new() { Name = "Put it on sale" }).ClickAsync();
        return (await page.GetByRole(AriaRole.Link, new() { Name = title }).GetAttributeAsync("href"))!;
    }

    public async Task Purchases(string ticket)
    {
        await page.GotoAsync(ticket);
        await page.GetByRole(AriaRole.Button, new() { Name = "Purchase" }).ClickAsync();
        await page.WaitForURLAsync(new Regex("/orders/.+/checkout"));
    }

    public async Task Pays(string card)
    {
        var frame = page.FrameLocator("#card iframe");
        await frame.GetByLabel("Card number").FillAsync(card);
        await frame.GetByLabel("Expiry").FillAsync("12 / 40");
        await frame.GetByLabel("Security code").FillAsync("123");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Pay ") }).ClickAsync();
    }

    public Task SeesHeading(string words) => Sees(page.GetByRole(AriaRole.Heading, new() { Name = words }));

    public static async Task Sees(ILocator what) => await Assertions.Expect(what.First).ToBeVisibleAsync(new() { Timeout = 20_000 });
}
