using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>The calendar file of a show, strictly by RFC 5545.</summary>
public sealed class CalendarTests(Site site) : IClassFixture<Site>
{
    static readonly DateTimeOffset Start = new(2031, 6, 1, 18, 30, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Now = new(2030, 12, 31, 23, 59, 58, TimeSpan.Zero);

    public static TheoryData<string> Titles =>
    [
        "Hamlet",
        new string('a', 200),
        string.Concat(Enumerable.Repeat("🎸", 100)),
        "a" + string.Concat(Enumerable.Repeat("👩\u200d👩\u200d👧", 20)),
        string.Concat(Enumerable.Repeat("ירושלים של זהב, ", 12)) + "!",
        string.Concat(Enumerable.Repeat("東京ドーム公演", 28)),
        @"C:\new\Nights; “a, b” ""c"": d\\ \n \; BEGIN:VEVENT",
        string.Concat(Enumerable.Repeat(@"\;,", 66)),
        "END:VEVENT",
        "=?utf-8?Q?x?= <b>&amp;</b>",
    ];

    [Theory]
    [MemberData(nameof(Titles))]
    public void What_the_seller_wrote_is_read_as_it_was_written(string title)
    {
        var text = OrderCalendar.Of("t1-1", Ticket(title, venue: title).Show, Start, Now);

        var show = Assert.Single(Ical.Net.Calendar.Load(text)!.Events);
        Assert.Equal((title, title, "t1-1@ticketing"), (show.Summary, show.Location, show.Uid));
        Assert.Equal((Start, Start.AddHours(3), Now), (show.DtStart!.AsUtc, show.DtEnd!.AsUtc, show.DtStamp!.AsUtc));
        var members = Members(text);
        Assert.Equal(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"],
            members.Where(member => member.StartsWith("BEGIN:", StringComparison.Ordinal)
                || member.StartsWith("END:", StringComparison.Ordinal)));
        Assert.Equal(title, Unescaped(members, "SUMMARY"));
        Assert.Equal(title, Unescaped(members, "LOCATION"));
    }

    [Fact]
    public void It_has_what_the_standard_wants_once_and_no_more()
    {
        var members = Members(OrderCalendar.Of("t1-1", Ticket("Hamlet", venue: null).Show, Start, Now));
        Assert.Equal("BEGIN:VCALENDAR", members[0]);
        Assert.Equal("END:VCALENDAR", members[^1]);
        foreach (var member in new[]
                 {
                     "VERSION:2.0", "PRODID:-//Ticketing//Ticketing//EN", "UID:t1-1@ticketing", "SUMMARY:Hamlet",
                     "DTSTAMP:20301231T235958Z", "DTSTART:20310601T183000Z", "DTEND:20310601T213000Z",
                 })
            Assert.Single(members, member);
        Assert.DoesNotContain(members, member => Regex.IsMatch(member, "^(METHOD|LOCATION|DURATION)"));
    }

    [Fact]
    public async Task It_is_there_for_a_paid_order_of_a_show_with_a_date()
    {
        SetShow("complete", Start);
        var (answer, _) = await site.Get("/orders/t1-1/calendar.ics", Site.Buyer);
        Assert.Equal((HttpStatusCode.OK, "text/calendar; charset=utf-8", "t1-1.ics"), (answer.StatusCode,
            answer.Content.Headers.ContentType!.ToString(), answer.Content.Headers.ContentDisposition!.FileName));
        var members = Members(new UTF8Encoding(false, true).GetString(await answer.Content.ReadAsByteArrayAsync()));
        Assert.Equal("Hamlet 🎸", Unescaped(members, "SUMMARY"));
        Assert.NotEqual(Unescaped(members, "DTSTART"), Unescaped(members, "DTSTAMP"));

        foreach (var (status, start) in new[] { ("awaitingPayment", Start), ("cancelled", Start), ("complete", (DateTimeOffset?)null) })
        {
            SetShow(status, start);
            Assert.Equal(HttpStatusCode.NotFound, (await site.Get("/orders/t1-1/calendar.ics", Site.Buyer)).Answer.StatusCode);
        }
    }

    void SetShow(string status, DateTimeOffset? start)
    {
        site.Apps.Reset();
        site.Apps.Reply("orders", "/api/orders/t1-1", JsonSerializer.Serialize(
            new OrderDto("t1-1", "t1", "Hamlet 🎸", 4550, "usd", status, Now, Now, 3), JsonSerializerOptions.Web));
        site.Apps.Reply("tickets", "/api/tickets/t1", JsonSerializer.Serialize(
            Ticket("Hamlet 🎸", "Globe") with { StartsAt = start }, JsonSerializerOptions.Web));
    }

    static TicketDto Ticket(string title, string? venue) => new("t1", title, 4550, "usd", "seller", "sold", 3, venue, Start);

    // RFC 5545 §3.1: lines of at most 75 octets, ended by CRLF, each valid UTF-8; folded lines are joined here.
    static List<string> Members(string text)
    {
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        var lines = text.Split("\r\n")[..^1];
        Assert.All(lines, line =>
        {
            Assert.InRange(new UTF8Encoding(false, true).GetByteCount(line), 1, 75);
            Assert.DoesNotContain(line, char.IsControl);
        });
        var members = new List<string>();
        foreach (var line in lines)
        {
            if (line[0] == ' ')
                members[^1] += line[1..];
            else
                members.Add(line);
        }
        Assert.All(members, member => Assert.Matches("^[A-Z-]+:", member));
        return members;
    }

    // RFC 5545 §3.3.11.
    static string Unescaped(List<string> members, string name)
    {
        var value = Assert.Single(members, member => member.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..];
        if (name is "SUMMARY" or "LOCATION")
            Assert.Matches(@"\A(\\[\\;,nN]|[^\\;,])*\z", value);
        return Regex.Replace(value, @"\\(.)", match => match.Groups[1].Value is "n" or "N" ? "\n" : match.Groups[1].Value);
    }
}
