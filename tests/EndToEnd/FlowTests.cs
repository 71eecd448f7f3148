using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>The flow page of the runner, as somebody sees it who wonders what a purchase sets going.</summary>
[Collection("journeys")]
public sealed class FlowTests(Shop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    static readonly (string Event, string Outcome)[] Paid =
    [
        ("payment.authorized", "applied"), ("order.completed", "applied"), ("payment.captured", "published"), ("ticket.sold", "applied"),
    ];

    readonly Looks _looks = new();

    [Fact]
    public async Task A_purchase_is_followed_from_its_order_to_every_service_while_it_happens()
    {
        var seller = await _visitors.Member();
        var ticket = await seller.Lists("Seen from inside", 4550);
        var watcher = (await _visitors.Stranger()).Page;
        await watcher.GotoAsync($"/flow?subject={ticket.Split('/')[^1]}");
        await Person.Sees(Row(watcher, "ticket.listed", "published"));
        await Person.Sees(watcher.GetByText("live", new() { Exact = true }));

        var buyer = await _visitors.Member();
        await buyer.Purchases(ticket);
        await Person.Sees(Row(watcher, "order.created", "applied"));   // nobody reloaded that page
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
        await _looks.At(buyer.Page, "flow-order");
        await buyer.Page.GetByRole(AriaRole.Link, new() { Name = "All stories" }).ClickAsync();
        await buyer.SeesHeading("What is happening now");
        await _looks.At(buyer.Page, "flow");
        _looks.WereFine();
    }

    [Fact]
    public async Task Without_script_the_filter_works_all_the_same()
    {
        var seller = await _visitors.Member();
        var ticket = (await seller.Lists("Without script", 1000)).Split('/')[^1];
        var page = (await _visitors.Stranger(script: false)).Page;
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
        var seller = await _visitors.Member();
        var ticket = (await seller.Lists("Seen by operators", 1000)).Split('/')[^1];
        Assert.Equal(404, (await seller.Page.GotoAsync("/console"))!.Status);

        var page = (await _visitors.Stranger()).Page;
        await page.GotoAsync("/signup");
        await page.GetByLabel("E-mail").FillAsync("operator@ticketing.example");   // dapr.yaml says so
        await page.GetByLabel("Password").FillAsync("a long enough password");
        await page.Locator("main button").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Console" }).ClickAsync();
        await _looks.At(page, "console");
        await page.Locator($"[data-key=\"{ticket}\"] a").ClickAsync();
        await Person.Sees(Row(page, "ticket.listed", "published"));
        await Person.Sees(Row(page, "ticket.listed", "applied"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters" }).ClickAsync();
        await Person.Sees(page.GetByText("No message waits for anybody."));
        await _looks.At(page, "console-letters");
        _looks.WereFine();
    }

    static ILocator Row(IPage page, string type, string outcome) => page.Locator("tbody tr")
        .Filter(new() { HasText = type }).Filter(new() { HasText = outcome });
}
