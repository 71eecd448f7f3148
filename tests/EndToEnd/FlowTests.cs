using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>The runner's flow page, during a purchase.</summary>
[Collection("journeys")]
public sealed class FlowTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    static readonly (string Event, string Outcome)[] Paid =
    [
        ("payment.authorized", "applied"), ("order.completed", "applied"), ("payment.captured", "published"), ("ticket.sold", "applied"),
    ];

    readonly ScreenChecks _checks = new();

    [Fact]
    public async Task A_purchase_is_followed_from_its_order_to_every_service_while_it_happens()
    {
        var seller = await _visitors.SignedIn();
        var ticket = await seller.Lists("Seen from inside", 4550);
        var watcher = (await _visitors.Anonymous()).Page;
        await watcher.GotoAsync($"/flow?subject={ticket.Split('/')[^1]}");
        await Person.Sees(Row(watcher, "ticket.listed", "published"));
        await Person.Sees(watcher.GetByText("live", new() { Exact = true }));

        var buyer = await _visitors.SignedIn();
        await buyer.Purchases(ticket);
        await Person.Sees(Row(watcher, "order.created", "applied"));   // without a reload
        await Person.Sees(Row(watcher, "ticket.locked", "applied"));

        await watcher.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await buyer.Pays(Card.Good);
        await buyer.SeesHeading("It’s yours");
        await Person.Sees(watcher.GetByText(new Regex("^paused, [0-9]+ new$")));
        Assert.Equal(0, await Row(watcher, "order.completed", "published").CountAsync());
        await watcher.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Person.Sees(Row(watcher, "ticket.sold", "applied"));

        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "See the events behind it" }).ClickAsync();
        await buyer.SeesHeading("Order ");
        foreach (var (step, outcome) in Paid) await Person.Sees(Row(buyer.Page, step, outcome));
        Assert.Equal(0, await Row(buyer.Page, "ticket.listed", "published").CountAsync());
        var picture = buyer.Page.Locator(".picture.wide");
        foreach (var lane in new[] { "tickets", "orders", "payments", "expiration" })
            await Expect(picture.Locator(".heads")).ToContainTextAsync(lane);
        foreach (var (step, _) in Paid) await Expect(picture).ToContainTextAsync(step);
        await _checks.Check(buyer.Page, "flow-order");
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "All stories" }).ClickAsync();
        await buyer.SeesHeading("What is happening now");
        await _checks.Check(buyer.Page, "flow");
        _checks.AssertPassed();
    }

    [Fact]
    public async Task Without_script_the_filter_works_all_the_same()
    {
        var seller = await _visitors.SignedIn();
        var ticket = (await seller.Lists("Without script", 1000)).Split('/')[^1];
        var page = (await _visitors.Anonymous(script: false)).Page;
        await page.GotoAsync("/flow?show=all");
        await page.Locator("summary").ClickAsync();
        await page.GetByLabel("Ticket or order").FillAsync(ticket);
        await page.GetByLabel("Outcome").SelectOptionAsync("published");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Person.Sees(Row(page, "ticket.listed", "published"));
        Assert.Equal(1, await page.Locator("tbody tr").CountAsync());
        Assert.Equal(ticket, await page.GetByLabel("Ticket or order").InputValueAsync());
    }

    [Fact]
    public async Task An_operator_sees_the_same_on_the_console_and_nobody_else_does()
    {
        var seller = await _visitors.SignedIn();
        var ticket = (await seller.Lists("Seen by operators", 1000)).Split('/')[^1];
        Assert.Equal(404, (await seller.Page.GotoAsync("/console"))!.Status);

        var page = (await _visitors.Anonymous()).Page;
        await page.GotoAsync("/signin");
        await page.GetByLabel("E-mail").FillAsync("operator@ticketing.example");   // made by --seed-demo
        await page.GetByLabel("Password").FillAsync("correct horse battery");
        await page.Locator("main button").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Console" }).ClickAsync();
        await _checks.Check(page, "console");
        await page.Locator($"[data-key=\"{ticket}\"] a").ClickAsync();
        await Person.Sees(Row(page, "ticket.listed", "published"));
        await Person.Sees(Row(page, "ticket.listed", "applied"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await Person.Sees(page.GetByText("No message waits for anybody."));
        await _checks.Check(page, "console-letters");
        _checks.AssertPassed();
    }

    static ILocator Row(IPage page, string type, string outcome) => page.Locator("tbody tr")
        .Filter(new() { HasText = type }).Filter(new() { HasText = outcome });
}
