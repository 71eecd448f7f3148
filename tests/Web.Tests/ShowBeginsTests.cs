using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>A show has an end: nothing is held or sold beyond its beginning.</summary>
public sealed partial class ShowBeginsTests(Site site) : IClassFixture<Site>
{
    static readonly DateTimeOffset Placed = TimeProvider.System.GetUtcNow();
    const int HoldMinutes = 15;

    [Theory]
    [InlineData(10, 10.0, true)]     // held until the beginning
    [InlineData(10, 10.5, true)]
    [InlineData(HoldMinutes, 15.0, false)]   // the whole time
    [InlineData(HoldMinutes, 600.0, false)]
    [InlineData(10, 600.0, false)]   // short for another reason, such as another setting
    [InlineData(10, null, false)]
    public async Task A_hold_that_the_beginning_shortens_says_so(double minutes, double? begins, bool isSaid)
    {
        DateTimeOffset? start = begins is { } after ? Placed.AddMinutes(after) : null;
        Reply("orders", "/api/orders/t1-1", new OrderDto("t1-1", "t1", "Hamlet", 4550, "usd", "awaitingPayment",
            Placed.AddMinutes(minutes), Placed, 2, StartsAt: start, TimeZone: "Asia/Tokyo"));
        foreach (var path in new[] { "/orders/t1-1", "/orders/t1-1/checkout" })
        {
            var (answer, html) = await site.Get(path, Site.Buyer);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(isSaid, Shortened().IsMatch(html));
        }
    }

    [Fact]
    public async Task A_seller_sees_that_a_show_has_begun_and_not_that_its_ticket_is_on_sale()
    {
        var ticket = new TicketDto("t1", "Hamlet", 4550, "usd", Site.Buyer, "open", 3, StartsAt: Placed.AddHours(-1));
        Reply("tickets", "/api/tickets/mine", new Paged<TicketDto>([ticket]));
        var (_, html) = await site.Get("/listings", Site.Buyer);
        Assert.Contains("The show has begun", html, StringComparison.Ordinal);
        Assert.Contains("0 on sale", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/edit", html, StringComparison.Ordinal);

        Reply("tickets", "/api/tickets/mine", new Paged<TicketDto>([ticket with { StartsAt = Placed.AddHours(1) }]));
        (_, html) = await site.Get("/listings", Site.Buyer);
        Assert.Contains("1 on sale", html, StringComparison.Ordinal);
    }

    void Reply<T>(string app, string path, T value) =>
        site.Apps.Reply(app, path, JsonSerializer.Serialize(value, JsonSerializerOptions.Web));

    [GeneratedRegex(@"The show begins at\s+<time[^>]* data-zone=""Asia/Tokyo"">[^<]* GMT\+9</time>, so the ticket is held only until\s+then")]
    private static partial Regex Shortened();
}
