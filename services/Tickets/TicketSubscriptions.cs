using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

static class TicketSubscriptions
{
    public static void MapTicketSubscriptions(this IEndpointRouteBuilder app)
    {
        var events = app.MapEvents();
        events.MapTopic(Topics.Orders, OnOrder);
        // Broadcast: every replica has its own catalog.
        events.MapTopic(Topics.Tickets, OnTicket, DaprSidecar.Broadcast);
    }

    // Delivered at least once and in any order: an older snapshot changes nothing.
    static async Task<Ack> OnOrder(CloudEvent<OrderSnapshot> message, AggregateStore<Ticket> tickets,
        CancellationToken ct) =>
        Ack.Of(await tickets.Update(message.Data.Id.TicketId, ticket => ticket.Apply(message.Data), ct));

    // This replica's own writes are in the catalog already.
    static Ack OnTicket(CloudEvent<TicketSnapshot> message, Catalog catalog) =>
        catalog.Apply(message.Data) ? Ack.Applied : Ack.Stale;
}
