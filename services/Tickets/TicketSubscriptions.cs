using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

static class TicketSubscriptions
{
    public static void MapTicketSubscriptions(this IEndpointRouteBuilder app)
    {
        var events = app.MapEvents();
        events.MapTopic(Topics.Orders, OnOrder);
    }

    // Delivered at least once and in any order; an old snapshot is simply old.
    static async Task<Ack> OnOrder(CloudEvent<OrderSnapshot> message, AggregateStore<Ticket> tickets,
        CancellationToken ct) =>
        Ack.Of(await tickets.Update(message.Data.Id.TicketId, ticket => ticket.Apply(message.Data), ct));
}
