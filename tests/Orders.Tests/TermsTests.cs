using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>Nobody gets a ticket at terms that its buyer did not see.</summary>
public class TermsTests
{
    static readonly TicketSnapshot Seen = Ticket() with
    {
        Title = "Proms",
        Seat = "Row 1",
        Venue = "Albert Hall",
        StartsAt = Date,
        TimeZone = "Europe/London",
    };
    static DateTimeOffset Date => new(2098, 6, 1, 20, 0, 0, TimeSpan.Zero);

    static TicketSnapshot Edited(string term) => term switch
    {
        "price" => Seen with { Price = new(9000, "usd") },
        "currency" => Seen with { Price = new(4550, "gbp"), CurrencyChanged = true },
        "title" => Seen with { Title = "Other Proms" },
        "seat" => Seen with { Seat = null },
        "venue" => Seen with { Venue = "Car park" },
        "startsAt" => Seen with { StartsAt = Date.AddDays(1) },
        "timeZone" => Seen with { TimeZone = "Asia/Tokyo" },
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    } with
    { Version = 2, TermsVersion = 2 };

    [Theory]
    [InlineData("price")]
    [InlineData("currency")]
    [InlineData("title")]
    [InlineData("seat")]
    [InlineData("venue")]
    [InlineData("startsAt")]
    [InlineData("timeZone")]
    public async Task Any_other_term_than_the_buyer_saw_is_told_and_nothing_is_held(string term)
    {
        await using var orders = await OrdersHost.Start();
        var now = Edited(term);
        await orders.Deliver(Seen);
        await orders.Deliver(now);

        var refused = await OrdersHost.Refused(
            await orders.PlaceSeen(Ann, Show, new() { ["expectedTerms"] = 1 }), 409, "terms-changed");

        Assert.Equal(now.Price, new(refused.GetProperty("price").GetInt64(), refused.GetProperty("currency").GetString()!));
        Assert.Equal((now.Title, now.Venue, now.Seat, now.TimeZone), (Text(refused, "title"), Text(refused, "venue"),
            Text(refused, "seat"), Text(refused, "timeZone")));
        Assert.Equal(now.StartsAt, refused.GetProperty("startsAt").GetDateTimeOffset());
        Assert.Equal(2, refused.GetProperty("termsVersion").GetInt64());
        Assert.Empty(orders.NewEvents);
        var order = await OrdersHost.Order(await orders.PlaceSeen(Ben, Show, new() { ["expectedTerms"] = 2 }));
        Assert.Equal((now.Title, now.Venue, now.Seat, now.StartsAt, now.TimeZone, now.Price), (order.Title, order.Venue,
            order.Seat, order.StartsAt, order.TimeZone, new Money(order.Price, order.Currency)));
        Assert.Equal(order, await orders.Get(Ben, order.Id));
    }

    [Theory]   // of a ticket that was on sale in yen, and is now in pounds
    [InlineData(4550L, null, null, false)]
    [InlineData(4550L, "jpy", null, false)]
    [InlineData(4550L, "gbp", null, true)]
    [InlineData(4551L, "gbp", null, false)]
    [InlineData(4550L, null, 2L, true)]
    [InlineData(4550L, null, 1L, false)]
    [InlineData(4551L, null, 2L, false)]
    [InlineData(null, "jpy", null, false)]
    [InlineData(null, "jpy", 2L, false)]
    [InlineData(null, "gbp", null, true)]
    [InlineData(null, null, 3L, false)]
    [InlineData(null, null, null, true)]
    public async Task A_price_guards_its_currency_too(long? price, string? currency, long? terms, bool isPlaced)
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Edited("currency"));
        var seen = new Dictionary<string, object>();
        if (price is { } amount)
            seen["expectedPrice"] = amount;
        if (currency is not null)
            seen["expectedCurrency"] = currency;
        if (terms is { } version)
            seen["expectedTerms"] = version;
        var answer = await orders.PlaceSeen(Ann, Show, seen);
        if (isPlaced)
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        else
            await OrdersHost.Refused(answer, 409, "terms-changed");
    }

    [Fact]
    public async Task Where_the_currency_never_changed_the_amount_alone_tells_what_was_seen()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Edited("title"));
        Assert.Equal(4550, (await OrdersHost.Order(await orders.Place(Ann, Show, expectedPrice: 4550))).Price);
    }

    // Tickets has shown the buyer the new terms; their event has not reached orders yet.
    [Fact]
    public async Task New_terms_nobody_told_of_yet_are_asked_for()
    {
        await using var orders = await OrdersHost.Start(tickets: _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(Edited("title"), ContractsJson.Default.TicketSnapshot),
        });
        await orders.Deliver(Seen);
        var order = await OrdersHost.Order(await orders.PlaceSeen(Ann, Show, new() { ["expectedTerms"] = 2 }));
        Assert.Equal("Other Proms", order.Title);
    }

    [Theory]
    [InlineData("expectedTerms", 0)]
    [InlineData("expectedPrice", -1)]
    [InlineData("expectedCurrency", "USD")]
    public async Task What_nobody_can_have_seen_is_named(string member, object value)
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Seen);
        var refused = await OrdersHost.Refused(await orders.PlaceSeen(Ann, Show, new() { [member] = value }), 400, "invalid");
        Assert.Equal([member], refused.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    // Documents and events keep the word of the builds before; that of a build to come is understood.
    [Theory]
    [InlineData(CancelReason.PriceChanged, "price-changed")]
    [InlineData(CancelReason.TermsChanged, "terms-changed")]
    public async Task An_order_refused_for_its_terms_says_so_and_its_document_keeps_the_word(CancelReason said, string stored)
    {
        var store = new InMemoryStore();
        await using (var orders = await OrdersHost.Start(store))
        {
            await orders.Deliver(Ticket());
            await orders.Placed(Ann, Show);
            Assert.Equal("applied", await orders.Deliver(Ticket().Locked(First, LockState.Refused, said)));
            var shown = await orders.As(Ann).GetFromJsonAsync<JsonElement>($"/api/orders/{First}");
            Assert.Equal(("cancelled", "terms-changed"), (Text(shown, "status"), Text(shown, "reason")));
        }
        Assert.Contains($"\"{stored}\"", Encoding.UTF8.GetString(store.Get("book:show1")!.Value.Value.Span));
        await using var later = await OrdersHost.Start(store);
        Assert.Equal(CancelReason.TermsChanged, (await later.Get(Ann, First))!.Reason);
        Assert.Equal(Second, (await later.Placed(Ben, Show)).Id);
    }

    static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.GetString() : null;
}
