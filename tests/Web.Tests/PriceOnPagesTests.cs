using System.Net.Http.Headers;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Ticketing.Contracts;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>One amount stands on every page from the list to the receipt, and Stripe is sent the same.</summary>
public sealed class PriceOnPagesTests(Site site) : IClassFixture<Site>
{
    const int AmountsOfEach = 2;
    static readonly DateTimeOffset At = new(2031, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The pages in the order in which a buyer sees them, and where the price is on each.</summary>
    static readonly (string Path, string Status, string[] Prices)[] Pages =
    [
        ("/", "", [".tile .price"]),
        ("/tickets/t1", "", [".total .price"]),
        ("/orders/t1-1/checkout", "awaitingPayment", [".sum:first-child .num", ".total .num", "#pay button"]),
        ("/orders/t1-1", "awaitingPayment", ["a.btn.big"]),
        ("/orders", "awaitingPayment", [".entry .quiet"]),
        ("/orders/t1-1", "complete", [".note.good strong"]),
        ("/orders/t1-1/receipt", "complete", ["tr:first-child td", "tr.total td"]),
        ("/orders/t1-1", "refunded", [".note.good"]),
        ("/orders/t1-1/receipt", "refunded", ["tr:nth-child(4) td"]),
    ];

    int visits;

    [Fact]
    public async Task What_is_shown_is_what_is_ordered_charged_and_receipted_in_every_currency()
    {
        var random = new Random(1);
        var styles = NumberStyle.All.ToArray();
        site.Apps.Reply("payments", "/api/payments/config",
            """{"publishableKey":"pk_test_x","scriptUrl":"https://js.stripe.com/v3/"}""");
        foreach (var currency in Currencies.All)
        {
            for (var i = 0; i < AmountsOfEach; i++)
            {
                var style = styles[random.Next(styles.Length)];
                var minor = (long)Math.Min(currency.Max, Math.Pow(10, random.NextDouble() * 13));
                minor = Math.Max(1, minor / currency.Step) * currency.Step;
                var price = new Money(minor, currency.Code);
                Assert.Equal(price, Currencies.FromStripe(Currencies.ToStripe(price), currency.Code));
                foreach (var page in Pages)
                    await Check(page, price, style);
            }
        }
    }

    async Task Check((string Path, string Status, string[] Prices) page, Money price, NumberStyle style)
    {
        Fill(price, page.Status);
        var document = await Load(page.Path, style);
        foreach (var place in page.Prices)
        {
            var shown = document.QuerySelector(place)?.TextContent ?? "";
            if (!shown.Contains(style.Money(price.Amount, price.Currency), StringComparison.Ordinal)
                || !Digits(shown).StartsWith(Digits(style.Money(price.Amount, price.Currency)), StringComparison.Ordinal))
                Assert.Fail($"{page.Path} {page.Status} in {style.Language}: {price} is shown at {place} as '{shown}'");
        }
    }

    // Of an order's list entry the digits after the price are its date.
    static string Digits(string text) => string.Concat(text.Where(char.IsDigit));

    async Task<IDocument> Load(string path, NumberStyle style)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(style.Language));
        // One person may not read so much in so little time.
        var (answer, _) = await site.Send(request, $"buyer{visits++ / Pages.Length}");
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }

    void Fill(Money price, string status)
    {
        var (amount, currency) = (price.Amount, price.Currency);
        var ticket = new TicketDto("t1", "Hamlet", amount, currency, "seller", "open", 3, TermsVersion: 1);
        var order = new OrderDto("t1-1", "t1", "Hamlet", amount, currency, status, At.AddMinutes(15), At, 3);
        var payment = new PaymentDto("t1-1", "open", amount, currency, 3);
        Reply("tickets", "/api/tickets", new Paged<TicketDto>([ticket]));
        Reply("tickets", "/api/tickets/t1", ticket);
        Reply("orders", "/api/orders", new Paged<OrderDto>([order]));
        Reply("orders", "/api/orders/t1-1", order);
        Reply("payments", "/api/payments", payment);
        Reply("payments", "/api/payments/t1-1", payment);
    }

    void Reply<T>(string app, string path, T value) =>
        site.Apps.Reply(app, path, JsonSerializer.Serialize(value, JsonSerializerOptions.Web));
}
