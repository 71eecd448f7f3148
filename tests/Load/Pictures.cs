using System.Text.Json;
using Microsoft.Playwright;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>Takes the pictures of the README: the shop with listings, and a purchase on the flow page.</summary>
static class Pictures
{
    const string Password = "a long enough password";
    const int Width = 1280, Height = 985, BytesMax = 150_000, Purchases = 3;
    const float PatienceMs = 20_000;

    /// <param name="Days">From today until the show.</param>
    /// <param name="Price">In cents.</param>
    sealed record Listing(string Title, string Venue, string Seat, int Days, int Hour, int Price);

    // The last one listed is the first on the page.
    static readonly Listing[] Listings =
    [
        new("Verdi: Requiem", "St John’s Cathedral", "Choir, row 6", 40, 19, 7200),
        new("Gospel choir", "Town Hall", "Gallery 12", 15, 20, 2600),
        new("Chamber music at noon", "Old Library", "Row 2, seat 5", 5, 12, 1600),
        new("Open-air cinema", "Harbour steps", "Deck chair 31", 12, 21, 1400),
        new("Rockets v Pioneers", "Riverside Arena", "Block 114", 6, 20, 5800),
        new("Twelfth Night", "Globe on the Green", "Yard", 18, 18, 1900),
        new("Swan Lake", "City Opera", "Stalls H 22", 27, 19, 11500),
        new("Stand-up night", "The Cellar", "Table 4", 3, 22, 2200),
        new("Jazz at midnight", "Blue Room", "Bar, seat 2", 10, 23, 3400),
        new("Marathon grandstand", "Palace Avenue", "Block C, seat 71", 33, 9, 4550),
        new("Folk festival, Saturday", "Mill Meadow", "Day pass", 26, 11, 6900),
    ];

    public static async Task<int> Run(CancellationToken ct)
    {
        await using var shop = ShopProcess.Start(["--data", TestFolder.New("pictures"), "--seed-demo"]);
        var url = await shop.Ready(ct);
        await shop.Seeded(ct);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.Launch(playwright);
        var seller = await SignUp(browser, url, "mara@example.com");
        var tickets = new List<string>();
        foreach (var listing in Listings) tickets.Add(await List(seller, listing));

        var buyer = await SignUp(browser, url, "ben@example.com");
        // A shop that has just started takes seconds for its first purchase: the picture shows a later one.
        var order = "";
        foreach (var ticket in tickets.Take(Purchases)) order = await Buy(buyer, ticket);

        var page = await buyer.NewPageAsync();
        await page.GotoAsync("/");
        await page.Locator("html[data-live]").WaitForAsync();
        var fits = await Save(page, "shop.png");

        await page.GotoAsync($"/flow?subject={order}");
        await page.Locator("tbody tr").Filter(new() { HasText = "ticket.sold" }).Filter(new() { HasText = "applied" })
            .First.WaitForAsync();
        return await Save(page, "flow.png") && fits ? 0 : 1;
    }

    static async Task<IBrowserContext> SignUp(IBrowser browser, Uri shop, string email)
    {
        var person = await browser.NewContextAsync(new()
        {
            BaseURL = shop.ToString(), ViewportSize = new() { Width = Width, Height = Height },
            ColorScheme = ColorScheme.Light, TimezoneId = "UTC", Locale = "en-US",
        });
        person.SetDefaultTimeout(PatienceMs);
        await Post(person, "/api/users/signup", new { email, password = Password });
        return person;
    }

    static async Task<string> List(IBrowserContext seller, Listing listing)
    {
        var (title, venue, seat, days, hour, price) = listing;
        var startsAt = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(days).AddHours(hour), TimeSpan.Zero);
        var listed = await Post(seller, "/api/tickets", new { title, venue, seat, startsAt, price, currency = "usd" });
        return listed.GetProperty("id").GetString()!;
    }

    /// <returns>The order's id, once its payment is captured.</returns>
    static async Task<string> Buy(IBrowserContext buyer, string ticket)
    {
        var order = (await Post(buyer, "/api/orders", new { ticketId = ticket })).GetProperty("id").GetString()!;
        await Eventually.Is(() => Has(buyer, $"/api/orders/{order}", "awaitingPayment"));
        await Post(buyer, "/api/payments", new { orderId = order, paymentMethod = "pm_card_visa" });
        await Eventually.Is(() => Has(buyer, $"/api/payments/{order}", "captured"));
        return order;
    }

    static async Task<bool> Has(IBrowserContext person, string path, string status)
    {
        var answer = await person.APIRequest.GetAsync(path);
        return answer.Ok && (await answer.JsonAsync())!.Value.GetProperty("status").GetString() == status;
    }

    static async Task<JsonElement> Post(IBrowserContext person, string path, object body)
    {
        var answer = await person.APIRequest.PostAsync(path, new() { DataObject = body });
        if (!answer.Ok) throw new InvalidOperationException($"{path} answered {answer.Status}: {await answer.TextAsync()}");
        return (await answer.JsonAsync())!.Value;
    }

    /// <returns>Whether it is small enough for a page that is read on the way.</returns>
    static async Task<bool> Save(IPage page, string name)
    {
        var path = Repository.At($"docs/pictures/{name}");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = await page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });
        Console.WriteLine($"docs/pictures/{name}: {bytes.Length / 1000} KB");
        if (bytes.Length < BytesMax) return true;
        Console.Error.WriteLine($"{name} is larger than {BytesMax / 1000} KB.");
        return false;
    }
}
