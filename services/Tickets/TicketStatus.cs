using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

[JsonConverter(typeof(CamelCaseEnumConverter<TicketStatus>))]
public enum TicketStatus { Open, Locked, Sold, Withdrawn }

public static class TicketStatuses
{
    // A sold ticket keeps the lock of the order that bought it, so "sold" is checked first.
    public static TicketStatus Status(this TicketSnapshot ticket) => ticket switch
    {
        { SoldTo: not null } => TicketStatus.Sold,
        // Also with an answer that only newer builds know: it is then not for sale here.
        { Lock.State: not (LockState.Refused or LockState.Ended) } => TicketStatus.Locked,
        { Withdrawn: true } => TicketStatus.Withdrawn,
        _ => TicketStatus.Open,
    };
}
