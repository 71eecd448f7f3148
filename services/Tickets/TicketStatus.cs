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
        { Lock.State: LockState.Granted } => TicketStatus.Locked,
        { Withdrawn: true } => TicketStatus.Withdrawn,
        _ => TicketStatus.Open,
    };
}
