using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What a live stream sends about a ticket: all that a page shows of it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="TimeZone">The IANA name of the show's time zone; absent if its seller did not say.</param>
/// <param name="TermsVersion">What an order names if its buyer saw this.</param>
/// <param name="Version">A client that has a newer version ignores this event.</param>
public sealed record LiveEvent(
    TicketId Id, TicketStatus Status, long Price, string Currency, string Title, long TermsVersion, long Version,
    string? Venue = null, string? Seat = null, DateTimeOffset? StartsAt = null, string? TimeZone = null,
    DateTimeOffset? LockedUntil = null)
{
    static LiveEvent Of(TicketSnapshot ticket) => new(ticket.Id, ticket.Status(), ticket.Price.Amount,
        ticket.Price.Currency, ticket.Title, ticket.TermsVersion, ticket.Version, ticket.Venue, ticket.Seat,
        ticket.StartsAt, ticket.TimeZone, ticket.Status() == TicketStatus.Locked ? ticket.Lock!.Until : null);

    public const string Listed = "listed";

    /// <summary>The names of what happened between two versions, however many lie between them.</summary>
    public static IEnumerable<(string Name, LiveEvent Event)> Between(TicketSnapshot? before, TicketSnapshot after)
    {
        if (before is not null && before.TermsVersion != after.TermsVersion)
            yield return ("edited", Of(after));
        if (Name(before, after) is { } name)
            yield return (name, Of(after));
    }

    static string? Name(TicketSnapshot? before, TicketSnapshot after) => (before?.Status(), after.Status()) switch
    {
        (TicketStatus.Locked, TicketStatus.Locked) => before!.Lock!.Seq == after.Lock!.Seq ? null : "locked",
        var (was, now) when was == now => null,
        (_, TicketStatus.Locked) => "locked",
        (_, TicketStatus.Sold) => "sold",
        (_, TicketStatus.Withdrawn) => "withdrawn",
        (null, _) => Listed,
        _ => "unlocked",
    };
}

/// <summary>The first event on a stream, and the heartbeat.</summary>
/// <param name="Now">The server's clock; a page corrects its own by it.</param>
public sealed record LiveHello(DateTimeOffset Now);
