namespace Ticketing.Run.Demo;

/// <summary>A ticket that <c>--seed-demo</c> puts on sale.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Days">From now.</param>
/// <param name="Hour">UTC.</param>
sealed record SeedShow(
    string Title, string Venue, string Seat, long Price, string Currency, int Days, int Hour)
{
    public object Listing(DateTimeOffset now) => new
    {
        title = Title, venue = Venue, seat = Seat, price = Price, currency = Currency,
        startsAt = new DateTimeOffset(now.UtcDateTime.Date.AddDays(Days).AddHours(Hour), TimeSpan.Zero),
        timeZone = Zones[Venue[(Venue.LastIndexOf(", ", StringComparison.Ordinal) + 2)..]],
    };

    static readonly Dictionary<string, string> Zones = new()
    {
        ["San Francisco"] = "America/Los_Angeles", ["Los Angeles"] = "America/Los_Angeles",
        ["Morrison"] = "America/Denver", ["Chicago"] = "America/Chicago", ["New Orleans"] = "America/Chicago",
        ["New York"] = "America/New_York", ["Boston"] = "America/New_York", ["Toronto"] = "America/Toronto",
        ["Rio de Janeiro"] = "America/Sao_Paulo",
        ["London"] = "Europe/London", ["Liverpool"] = "Europe/London", ["Bristol"] = "Europe/London",
        ["Edinburgh"] = "Europe/London", ["Dublin"] = "Europe/Dublin", ["Lisboa"] = "Europe/Lisbon",
        ["Madrid"] = "Europe/Madrid", ["Sevilla"] = "Europe/Madrid", ["Paris"] = "Europe/Paris",
        ["Bruxelles"] = "Europe/Brussels", ["Berlin"] = "Europe/Berlin", ["Hamburg"] = "Europe/Berlin",
        ["Köln"] = "Europe/Berlin", ["Zürich"] = "Europe/Zurich", ["Bern"] = "Europe/Zurich",
        ["Wien"] = "Europe/Vienna", ["Milano"] = "Europe/Rome", ["Stockholm"] = "Europe/Stockholm",
        ["Oslo"] = "Europe/Oslo", ["Johannesburg"] = "Africa/Johannesburg", ["Mumbai"] = "Asia/Kolkata",
        ["Tokyo"] = "Asia/Tokyo", ["Seoul"] = "Asia/Seoul",
        ["Melbourne"] = "Australia/Melbourne", ["Sydney"] = "Australia/Sydney",
    };
}

/// <summary>What <c>--seed-demo</c> puts on sale, and what happens to some of it.</summary>
static class SeedShows
{
    public const string HeldByBuyer = "Blood Wedding", HeldByRival = "Philharmonic: Mahler 2";
    public const string Refunded = "Rain or Shine Festival";

    public static readonly string[] Sold =
        ["Harbour Derby: Reds v Blues", "La Bohème", "Midnight Ramen Comedy Club", "Winter Lights Tour: Nova Lane"];

    public static readonly SeedShow[] All =
    [
        new("Hamilton", "Orpheum Theatre, San Francisco", "Balcony C, seat 12", 18_900, "usd", 21, 3),
        new("The Lumineers", "Red Rocks, Morrison", "Row 14, seat 33", 9_500, "usd", 35, 2),
        new("Harbour Derby: Reds v Blues", "Dockside Ground, Liverpool", "North stand 220", 6_400, "gbp", 9, 14),
        new("Cello suites by candlelight", "St Martin, London", "Nave 8", 2_800, "gbp", 4, 19),
        new("La Bohème", "Teatro Grande, Milano", "Platea, fila 9", 12_400, "eur", 17, 18),
        new("Philharmonic: Mahler 2", "Musikverein, Wien", "Parkett links 7/11", 9_800, "eur", 12, 18),
        new("Blood Wedding", "Teatro de la Luna, Sevilla", "Palco 3", 3_900, "eur", 26, 19),
        new("Midnight Ramen Comedy Club", "Shimokita Cellar, Tokyo", "Table 6", 4_500, "jpy", 8, 12),
        new("Sumo: the autumn basho, day 8", "Kokugikan, Tokyo", "Box 12 B, four cushions", 38_000, "jpy", 19, 0),
        new("Winter Lights Tour: Nova Lane", "Globen, Stockholm", "Sektion A5, rad 3", 89_500, "sek", 30, 18),
        new("Rain or Shine Festival", "Mill Meadow, Bristol", "Weekend pass", 17_500, "gbp", 41, 10),
        new("Swan Lake", "City Opera, Toronto", "Orchestra H 22", 14_300, "cad", 27, 0),
        new("Lakers v Celtics", "Downtown Arena, Los Angeles", "Section 114, row 9", 24_000, "usd", 11, 3),
        new("Grand Slam: quarter-finals", "Rod's Court, Melbourne", "Upper deck 31", 21_000, "aud", 45, 8),
        new("Twelfth Night", "Globe on the Green, London", "Yard, standing", 1_200, "gbp", 18, 18),
        new("Techno on the Spree", "Kraftwerk Halle, Berlin", "Floor", 3_200, "eur", 6, 21),
        new("Fado evening", "Casa da Rua, Lisboa", "Mesa 4", 4_200, "eur", 5, 20),
        new("Verdi: Requiem", "St John's Cathedral, New York", "Choir, row 6", 7_200, "usd", 40, 0),
        new("Stand-up: One Hour, No Slides", "The Cellar, Chicago", "Table 4", 2_600, "usd", 3, 2),
        new("Jazz at midnight", "Blue Room, New Orleans", "Bar, seat 2", 3_400, "usd", 10, 5),
        new("Ice hockey: Lions v Bears", "Hallenstadion, Zürich", "Block F, Reihe 12", 7_800, "chf", 14, 18),
        new("Alphorn & Electronics", "Reithalle, Bern", "Free seating", 3_500, "chf", 23, 19),
        new("The Little Prince", "Théâtre du Parc, Bruxelles", "Rang C, places 5 et 6", 3_000, "eur", 16, 13),
        new("Six Nations: final round", "Stade du Nord, Paris", "Tribune Est 18", 13_500, "eur", 52, 15),
        new("Bollywood Live", "Phoenix Arena, Mumbai", "Gold, row K", 420_000, "inr", 33, 13),
        new("Gospel choir", "Town Hall, Johannesburg", "Gallery 12", 45_000, "zar", 15, 17),
        new("Samba school rehearsal", "Quadra Verde, Rio de Janeiro", "Camarote 2", 18_000, "brl", 7, 23),
        new("K-Pop: Seven Moons", "Olympic Dome, Seoul", "Zone 21, row 8", 165_000, "krw", 37, 10),
        new("Open-air cinema: Metropolis", "Harbour steps, Hamburg", "Deck chair 31", 1_400, "eur", 13, 20),
        new("Marathon grandstand", "Palace Avenue, Boston", "Block C, seat 71", 4_550, "usd", 34, 14),
        new("Chamber music at noon", "Old Library, Dublin", "Row 2, seat 5", 1_600, "eur", 5, 12),
        new("Retro Games Orchestra", "Kulturhuset, Oslo", "Rad 5, sete 14", 52_000, "nok", 29, 18),
        new("Magic: Nothing Up My Sleeve", "Little Theatre, Edinburgh", "Stalls D 3", 2_400, "gbp", 22, 19),
        new("Flamenco puro", "Tablao Azul, Madrid", "Mesa 9, dos asientos", 5_600, "eur", 20, 20),
        new("Poetry slam, the final", "Schauspielhaus, Köln", "Reihe 11, Platz 8", 1_900, "eur", 24, 19),
        new("Motor racing: Sunday", "Coast Circuit, Sydney", "Grandstand 2, row M", 32_000, "aud", 48, 3),
    ];

    public static int IndexOf(string title) => Array.FindIndex(All, show => show.Title == title);
}
