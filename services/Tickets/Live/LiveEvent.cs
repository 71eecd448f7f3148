using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What a live stream sends about a ticket.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Version">A client that has a newer version ignores this event.</param>
public sealed record LiveEvent(
    TicketId Id, TicketStatus Status, long Price, string Currency, long Version, DateTimeOffset? LockedUntil = null)
{
    static LiveEvent Of(TicketSnapshot ticket) => new(ticket.Id, ticket.Status(), ticket.Price.Amount,
        ticket.Price.Currency, ticket.Version, ticket.Status() == TicketStatus.Locked ? ticket.Lock!.Until : null);

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
