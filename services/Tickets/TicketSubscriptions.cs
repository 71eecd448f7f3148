using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

static class TicketSubscriptions
{
    public static void MapTicketSubscriptions(this IEndpointRouteBuilder app)
    {
        var events = app.MapEvents();
        events.MapTopic(Topics.Orders, OnOrder);
        // Every replica has its own catalog. Its own writes are in it already.
        events.MapBroadcast(Topics.Tickets, OnTicket, replica => replica.RecentOfOthers);
    }

    // Delivered at least once and in any order: an older snapshot changes nothing.
    static async Task<Ack> OnOrder(CloudEvent<OrderSnapshot> message, AggregateStore<Ticket> tickets,
        NewestApplied<TicketId, OrderStage> newest, TimeProvider clock, CancellationToken ct)
    {
        var order = message.Data;
        if (!order.Again && newest.Has(order.TicketId, OrderStage.Of(order)))
            return Ack.Stale;
        var decision =
            await tickets.Update(order.Id.TicketId, ticket => ticket.Apply(order, clock.GetUtcNow()), ct);
        NoteStage(newest, decision.State!);
        return Ack.Of(decision);
    }

    static void NoteStage(NewestApplied<TicketId, OrderStage> newest, Ticket ticket)
    {
        if (OrderStage.Of(ticket) is { } stage)
            newest.Note(ticket.Id, stage);
    }

    /// <summary>With the save: the answer to an event of this order may come before its handler goes on.</summary>
    public sealed class Stages(NewestApplied<TicketId, OrderStage> newest) : IProjection<Ticket>
    {
        public void Apply(Ticket saved) => NoteStage(newest, saved);
    }

    static Ack OnTicket(CloudEvent<TicketSnapshot> message, Catalog catalog) =>
        catalog.Apply(message.Data) ? Ack.Applied : Ack.Stale;
}
