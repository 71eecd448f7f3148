using System.Text;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.Serialization;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The show of a paid order as an iCalendar file (RFC 5545).</summary>
static class OrderCalendar
{
    const int LineOctetsMax = 75;

    /// <summary>Assumed, because a listing has only the start of the show.</summary>
    static readonly TimeSpan Lasts = TimeSpan.FromHours(3);

    internal static async Task<IResult> Get(
        OrderId id, ServiceClients services, TimeProvider clock, CancellationToken ct)
    {
        var ticket = services.Tickets.Get(OrderPageEndpoints.TicketPath(id), ApiJson.Default.TicketDto, ct);
        var order = await services.Orders.Get(OrderPageEndpoints.Path(id), ApiJson.Default.OrderDto, ct);
        if (order.Value is not { IsComplete: true } paid
            || paid.ShowOr((await ticket).Value) is not { StartsAt: { } start } show)
            return ErrorPages.NotFound();
        var file = Of(paid.Id, show, start, clock.GetUtcNow());
        return Results.File(Encoding.UTF8.GetBytes(file), "text/calendar; charset=utf-8", $"{paid.Id}.ics");
    }

    /// <param name="id">The order's id, which becomes the UID: importing the file twice makes one entry.</param>
    internal static string Of(string id, Show show, DateTimeOffset start, DateTimeOffset now)
    {
        var calendar = new Calendar { ProductId = "-//Ticketing//Ticketing//EN" };
        calendar.Events.Add(new CalendarEvent
        {
            Uid = $"{id}@ticketing",
            DtStamp = new(now.UtcDateTime),
            DtStart = new(start.UtcDateTime),
            DtEnd = new(start.UtcDateTime + Lasts),
            Summary = show.Title,
            Location = Display.VenueAndSeat(show) is { Length: > 0 } place ? place : null,
        });
        return Folded(new CalendarSerializer().SerializeToString(calendar) ?? "");
    }

    // Ical.Net 5.2 folds lines within a surrogate pair; encoded as UTF-8, both halves would be lost.
    static string Folded(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var line in text.Replace("\r\n ", "").Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var octets = 0;
            foreach (var rune in line.EnumerateRunes())
            {
                if (octets + rune.Utf8SequenceLength > LineOctetsMax)
                {
                    folded.Append("\r\n ");
                    octets = 1;
                }
                folded.Append(rune.ToString());
                octets += rune.Utf8SequenceLength;
            }
            folded.Append("\r\n");
        }
        return folded.ToString();
    }
}
