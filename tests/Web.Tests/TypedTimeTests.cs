using System.Globalization;
using System.Net;
using System.Text.Json;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>When a show begins: typed and shown on the clocks of the place.</summary>
public sealed class TypedTimeTests(Site site) : IClassFixture<Site>
{
    [Theory]   // Berlin skips 2:00 to 3:00 on 30 March 2031 and repeats it on 26 October
    [InlineData("2031-07-01T08:00", "Asia/Tokyo", null, "2031-06-30T23:00Z")]
    [InlineData("2031-07-01T08:00", "UTC", null, "2031-07-01T08:00Z")]
    [InlineData("2031-07-01 08:00", "Europe/Berlin", null, "2031-07-01T06:00Z")]
    [InlineData("2031-01-01T08:00:30", "Europe/Berlin", null, "2031-01-01T07:00:30Z")]
    [InlineData("2031-07-01T08:00Z", "Asia/Tokyo", null, "2031-07-01T08:00Z")]
    [InlineData("2031-07-01T08:00+02:00", "Asia/Tokyo", null, "2031-07-01T06:00Z")]
    [InlineData("2031-07-01T08:00", "Asia/Kathmandu", null, "2031-07-01T02:15Z")]
    [InlineData("2031-03-30T01:59", "Europe/Berlin", null, "2031-03-30T00:59Z")]
    [InlineData("2031-03-30T02:30", "Europe/Berlin", null, "There is no 02:30 on that day in Europe/Berlin")]
    [InlineData("2031-03-30T03:00", "Europe/Berlin", null, "2031-03-30T01:00Z")]
    [InlineData("2031-10-26T02:30", "Europe/Berlin", null, "02:30 comes twice on that day in Europe/Berlin")]
    [InlineData("2031-10-26T02:30", "Europe/Berlin", 0, "02:30 comes twice on that day in Europe/Berlin")]
    [InlineData("2031-10-26T02:30", "Europe/Berlin", 120, "2031-10-26T00:30Z")]
    [InlineData("2031-10-26T02:30", "Europe/Berlin", 60, "2031-10-26T01:30Z")]
    [InlineData("2031-10-26T03:00", "Europe/Berlin", 120, "2031-10-26T02:00Z")]
    [InlineData("01.07.2031 08:00", "Europe/Berlin", null, "Enter a day and a time")]
    [InlineData("0001-01-01T00:00", "Asia/Tokyo", null, "Enter a day and a time")]
    [InlineData("9999-12-31T23:59", "America/New_York", null, "Enter a day and a time")]
    public void A_time_is_of_the_clocks_of_the_place_or_asked_back(string typed, string zone, int? choice, string expected)
    {
        var read = TypedTime.Read(typed, TimeZones.OrUtc(zone), choice);
        if (expected.EndsWith('Z'))
            Assert.Equal((DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), null), (read.At, read.Mistake));
        else
            Assert.StartsWith(expected, read.Mistake);
    }

    [Theory]
    [InlineData("2031-06-30T23:00Z", "Asia/Tokyo", "Tue 1 Jul 2031, 08:00 GMT+9")]
    [InlineData("2031-06-30T23:00Z", "America/New_York", "Mon 30 Jun 2031, 19:00 GMT-4")]
    [InlineData("2031-06-30T23:00Z", "Asia/Kathmandu", "Tue 1 Jul 2031, 04:45 GMT+5:45")]
    [InlineData("2031-06-30T23:00Z", "America/St_Johns", "Mon 30 Jun 2031, 20:30 GMT-2:30")]
    [InlineData("2031-01-30T23:00Z", "Europe/London", "Thu 30 Jan 2031, 23:00 GMT")]
    [InlineData("2031-06-30T23:00Z", null, "Mon 30 Jun 2031, 23:00 UTC")]
    [InlineData("2031-06-30T23:00Z", "Mars/Olympus", "Mon 30 Jun 2031, 23:00 UTC")]
    [InlineData("2031-06-30T23:00Z", "../../etc/passwd", "Mon 30 Jun 2031, 23:00 UTC")]
    public void A_time_is_shown_on_the_clocks_of_the_place_with_their_offset(string at, string? zone, string words) =>
        Assert.Equal(words, TimeZones.InWords(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), TimeZones.OrUtc(zone)));

    [Fact]
    public async Task A_listing_is_sent_with_the_zone_in_which_its_time_was_read()
    {
        Assert.Equal(("2031-06-30T23:00:00+00:00", "Asia/Tokyo"), await Listed(("timeZone", "Asia/Tokyo")));
        Assert.Equal(("2031-07-01T08:00:00+00:00", null), await Listed(("timeZone", "UTC")));
        Assert.Equal(("2031-07-01T08:00:00+00:00", null), await Listed(("timeZone", " ")));
        // Pages of an older build send the offset of the seller's browser.
        Assert.Equal(("2031-06-30T23:00:00+00:00", null), await Listed(("offset", "540")));
        Assert.Equal(("2031-07-01T08:00:00+00:00", null), await Listed());
    }

    [Fact]
    public async Task A_zone_that_does_not_exist_and_a_time_that_comes_twice_are_asked_back()
    {
        var (answer, html) = await Sell(("startsAt", "2031-07-01T08:00"), ("timeZone", "Mars/Olympus"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("<a href=\"#timeZone\">Choose the time zone of the show", html, StringComparison.Ordinal);
        (_, html) = await Sell(("startsAt", "2031-10-26T02:30"), ("timeZone", "Europe/Berlin"));
        Assert.Contains("<a href=\"#startsAt\">02:30 comes twice", html, StringComparison.Ordinal);
        Assert.Matches("<option value=\"120\">\\s*The first, GMT\\+2\\s*</option>", html);
        Assert.Matches("<option value=\"60\">\\s*The second, GMT\\+1\\s*</option>", html);
    }

    [Fact]
    public async Task The_edit_form_keeps_the_zone_and_the_hour_of_the_ticket()
    {
        SetTicket(new(2031, 10, 26, 1, 30, 0, TimeSpan.Zero), "Europe/Berlin");
        var (_, html) = await site.Get("/tickets/t1/edit", Site.Buyer);
        Assert.Contains("value=\"2031-10-26T02:30\"", html, StringComparison.Ordinal);
        Assert.Contains("name=\"timeZone\" value=\"Europe/Berlin\"", html, StringComparison.Ordinal);
        Assert.Contains("<option value=\"60\" selected>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-new", html, StringComparison.Ordinal);

        SetTicket(new(2031, 7, 1, 8, 0, 0, TimeSpan.Zero), null);
        (_, html) = await site.Get("/tickets/t1/edit", Site.Buyer);
        Assert.Contains("value=\"2031-07-01T08:00\"", html, StringComparison.Ordinal);
        Assert.Contains("name=\"timeZone\" value=\"UTC\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_script_a_new_form_says_that_its_time_is_in_UTC()
    {
        var (_, html) = await site.Get("/sell", Site.Buyer);
        Assert.Matches("name=\"timeZone\" value=\"UTC\"[^>]* data-new", html);
    }

    async Task<(string? StartsAt, string? TimeZone)> Listed(params (string, string)[] fields)
    {
        var sent = default(JsonElement);
        site.Apps.Reply("tickets", "/api/tickets", request =>
        {
            sent = JsonDocument.Parse(request.Content!.ReadAsStream()).RootElement;
            return null;
        });
        await Sell([("startsAt", "2031-07-01T08:00"), .. fields]);
        return (sent.GetProperty("startsAt").GetString(),
            sent.TryGetProperty("timeZone", out var zone) ? zone.GetString() : null);
    }

    Task<(HttpResponseMessage Answer, string Html)> Sell(params (string, string)[] fields) => site.Post("/sell", Site.Buyer,
        [("title", "Hamlet"), ("price", "45"), ("currency", "usd"), .. fields]);

    void SetTicket(DateTimeOffset start, string? zone) => site.Apps.Reply("tickets", "/api/tickets/t1", JsonSerializer.Serialize(
        new TicketDto("t1", "Hamlet", 4550, "usd", Site.Buyer, "open", 3, StartsAt: start, TimeZone: zone),
        JsonSerializerOptions.Web));
}
