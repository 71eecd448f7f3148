namespace Ticketing.Run.Demo;

/// <summary>Two accounts and a few listings, so that a new shop is not empty.</summary>
static class Seed
{
    public const string Seller = "seller@example.com", Buyer = "buyer@example.com", Password = "correct horse battery";

    static readonly (string Title, string Venue, string Seat, long Price, int Days)[] Shows =
    [
        ("Hamilton", "Orpheum Theatre", "Balcony C 12", 18900, 21),
        ("The Lumineers", "Red Rocks", "Row 14, seat 33", 9500, 35),
        ("Derby: United v City", "Old Ground", "North stand 220", 6400, 9),
        ("Cello suites by candlelight", "St Martin", "Nave 8", 2800, 4),
    ];

    /// <summary>Does nothing if the seller has listings already.</summary>
    public static async Task Create(Uri shop, DateTimeOffset now, CancellationToken ct)
    {
        using var buyer = await Customer.SignInOrUp(shop, "Buyer", Buyer, Password, ct);
        using var seller = await Customer.SignInOrUp(shop, "Seller", Seller, Password, ct);
        var mine = (await seller.Get("/api/tickets/mine", ct)).Must(200);
        if (mine.Body.GetProperty("items").GetArrayLength() > 0) return;
        foreach (var show in Shows)
        {
            var (title, venue, seat, price, days) = show;
            var startsAt = new DateTimeOffset(now.UtcDateTime.Date.AddDays(days).AddHours(19), TimeSpan.Zero);
            var listing = new { title, venue, seat, price, currency = "usd", startsAt };
            (await seller.Post("/api/tickets", listing, ct)).Must(201);
        }
    }
}
