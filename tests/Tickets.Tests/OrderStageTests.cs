using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

public sealed class OrderStageTests(TicketsHost tickets) : IClassFixture<TicketsHost>
{
    static readonly OrderSnapshot[] Orders =
        [.. from seq in Enumerable.Range(1, 3) from status in Enum.GetValues<OrderStatus>() select Some.Order(seq, status)];

    // All histories of three events of three orders, terms current or not, and every event after them.
    [Fact]
    public void What_is_no_further_than_the_ticket_changes_nothing()
    {
        var histories = from ticket in (Ticket[])[Some.Absent, Some.Open, Some.Open with { TermsVersion = 2 }]
                        from first in Orders
                        from second in Orders
                        from third in Orders
                        select ticket.After(first, second, third);
        foreach (var ticket in histories)
            foreach (var order in Orders)
                Assert.True(OrderStage.Of(ticket) is not { } stage || stage < OrderStage.Of(order)
                    || !ticket.Apply(order, Some.Noon).Changed, $"{ticket.Describe()}: {order.Id} {order.Status}");
    }

    [Fact]
    public async Task Such_an_event_is_acknowledged_without_a_load_unless_it_is_marked_again()
    {
        var id = (await tickets.List("seller")).GetProperty("id").GetString()!;
        Assert.Equal("applied", await tickets.ApplyOrder(id, 1, OrderStatus.Created));
        var loads = 0;
        tickets.Host.Sidecar.Script = call =>
        {
            loads += call.Key == $"ticket:{id}" ? 1 : 0;
            return Accident.None;
        };
        Assert.Equal("stale", await tickets.ApplyOrder(id, 1, OrderStatus.AwaitingPayment));
        Assert.Equal("stale", await tickets.ApplyOrder(id, 1, OrderStatus.Created));
        Assert.Equal(0, loads);

        var order = Some.Order(1, OrderStatus.AwaitingPayment) with
        { Id = new(new(id), 1), TicketId = new(id), Again = true };
        Assert.True((await tickets.Host.Deliver(Event.Of(OrderEvents.AwaitingPayment, order))).IsSuccessStatusCode);
        Assert.Equal(1, loads);
        // The answer is published beside the acknowledgement.
        await Eventually.Is(() => tickets.Host.Sidecar.Published.Skip(2).Any(message => message.Subject == id));
    }
}
