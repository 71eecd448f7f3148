namespace Ticketing.Run.Demo;

/// <param name="Held">Orders that wait for their payment now; a hold ends.</param>
sealed record SeedResult(int Listings, int Sold, int Held, int Refunded);

/// <summary>Accounts, listings, purchases and a refund, so that a new shop has something to look at.</summary>
static class Seed
{
    public const string Buyer = "buyer@example.com", Rival = "rival@example.com";
    public const string Operator = "operator@ticketing.example", Password = "correct horse battery";

    /// <summary>Several, since the API limits how many tickets one person lists in a minute.</summary>
    public static readonly string[] Sellers =
        ["seller@example.com", "nora@example.com", "theo@example.com", "yuki@example.com"];

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>Makes only what is not there yet, also after a start that was interrupted.</summary>
    /// <exception cref="DemoFailedException">The shop refused a step.</exception>
    public static async Task<SeedResult> Create(Uri shop, DateTimeOffset now, CancellationToken ct)
    {
        var people = await Task.WhenAll(
            Sellers.Append(Buyer).Append(Rival).Append(Operator).Select(email => SignIn(shop, email, ct)));
        try
        {
            var sellers = people[..Sellers.Length];
            var (buyer, rival) = (people[Sellers.Length], people[Sellers.Length + 1]);
            var listed = await Task.WhenAll(sellers.Select((seller, s) => List(seller, s, now, ct)));
            var all = listed.SelectMany(tickets => tickets).ToDictionary();
            await Task.WhenAll(SeedShows.Sold.Select(title => Buy(buyer, all[title], ct)));
            await Order(buyer, all[SeedShows.HeldByBuyer], ct);
            await Order(rival, all[SeedShows.HeldByRival], ct);
            await Refund(sellers, buyer, all[SeedShows.Refunded], ct);
            return await Count(all.Count, buyer, rival, ct);
        }
        finally
        {
            foreach (var person in people) person.Dispose();
        }
    }

    static Task<Customer> SignIn(Uri shop, string email, CancellationToken ct) =>
        Customer.SignInOrUp(shop, email, email, Password, ct);

    /// <returns>The id of each of the seller's tickets, by its title.</returns>
    static async Task<Dictionary<string, string>> List(
        Customer seller, int which, DateTimeOffset now, CancellationToken ct)
    {
        var mine = (await seller.Get("/api/tickets/mine?limit=100", ct)).Must(200);
        var known = mine.Body.GetProperty("items").EnumerateArray()
            .GroupBy(item => item.GetProperty("title").GetString()!)
            .ToDictionary(same => same.Key, same => same.First().GetProperty("id").GetString()!);
        foreach (var show in SeedShows.All.Where((_, n) => n % Sellers.Length == which))
        {
            if (known.ContainsKey(show.Title)) continue;
            var listing = (await seller.Post("/api/tickets", show.Listing(now), ct)).Must(201);
            known[show.Title] = listing.Text("id");
        }

        return known;
    }

    /// <summary>Pays with a test card of Stripe's. Does nothing if this person ordered the ticket before.</summary>
    static async Task Buy(Customer buyer, string ticket, CancellationToken ct)
    {
        if (await Order(buyer, ticket, ct) is not { } order) return;
        var payment = new { orderId = order, paymentMethod = "pm_card_visa" };
        (await buyer.Post("/api/payments", payment, ct)).Must(200, 201);
        await buyer.WaitForStatus($"/api/orders/{order}", "complete", Soon, ct);
    }

    /// <returns>The order, which awaits its payment; null if there was one that does not.</returns>
    static async Task<string?> Order(Customer buyer, string ticket, CancellationToken ct)
    {
        // The order itself is read, not the list of orders, which may be behind.
        var made = await buyer.Get($"/api/orders/{ticket}-1", ct);
        if (made.Status == 404) made = (await buyer.Post("/api/orders", new { ticketId = ticket }, ct)).Must(200, 201);
        if (made.Text("status") is not ("created" or "awaitingPayment")) return null;
        var order = made.Text("id");
        await buyer.WaitForStatus($"/api/orders/{order}", "awaitingPayment", Soon, ct);
        return order;
    }

    static async Task Refund(Customer[] sellers, Customer buyer, string ticket, CancellationToken ct)
    {
        await Buy(buyer, ticket, ct);
        var order = $"{ticket}-1";
        if ((await buyer.Get($"/api/orders/{order}", ct)).Must(200).Text("status") != "complete") return;
        var seller = sellers[SeedShows.IndexOf(SeedShows.Refunded) % sellers.Length];
        (await seller.Post($"/api/orders/{order}/refund", new { relist = true }, ct)).Must(202);
        await buyer.WaitForStatus($"/api/orders/{order}", "refunded", Soon, ct);
    }

    static async Task<SeedResult> Count(int listings, Customer buyer, Customer rival, CancellationToken ct)
    {
        Customer[] both = [buyer, rival];
        var pages = await Task.WhenAll(both.Select(person => person.Get("/api/orders?limit=100", ct)));
        var orders = pages.SelectMany(page => page.Must(200).Body.GetProperty("items").EnumerateArray())
            .CountBy(order => order.GetProperty("status").GetString()!).ToDictionary();
        return new(listings, Sold: orders.GetValueOrDefault("complete"),
            Held: orders.GetValueOrDefault("awaitingPayment"), Refunded: orders.GetValueOrDefault("refunded"));
    }
}
