using Ticketing.Contracts;
using Ticketing.Orders;
using Ticketing.Payments;
using Ticketing.Tickets;

namespace Ticketing.Simulation;

/// <summary>The invariants that hold at every moment, and those that hold when nothing is pending.</summary>
sealed class Invariants(SimulatedSystem system)
{
    readonly Dictionary<OrderId, OrderStatus> seen = [];

    public void CheckAlways()
    {
        foreach (var book in system.Orders.ReadAll())
        {
            var holders = book.Orders.Count(order => !order.IsOver);
            Assert.True(holders <= 1, $"1 one holder: {holders} orders of {book.TicketId} hold it.");
            foreach (var order in book.Orders)
                CheckOrder(order);
        }
        foreach (var ticket in system.Tickets.ReadAll())
            CheckLock(ticket);
        foreach (var intent in system.Stripe.Intents.Values)
        {
            Assert.True(intent.Captures <= 1, $"6 one charge: {intent.Order} was charged {intent.Captures} times.");
            var order = Find(intent.Order);
            if (intent.Captures > 0)
            {
                Assert.True(order?.Status is OrderStatus.Complete or OrderStatus.Refunding or OrderStatus.Refunded,
                    $"5 money: {intent.Order} was charged and is {order?.Status}.");
                Assert.True(intent.Amount == order!.Price,
                    $"5 money: {intent.Order} was charged {intent.Amount}, not {order.Price}.");
            }
        }
    }

    static void CheckLock(Ticket ticket) => Assert.True(
        ticket is not { Lock.State: LockState.Granted, SoldTo: null } || !(ticket.Lock.Until > ticket.Terms.StartsAt),
        $"3 every lock ends: {ticket.Id} is locked until {ticket.Lock?.Until}, its show begins at {ticket.Terms.StartsAt}.");

    void CheckOrder(Order order)
    {
        if (order.Status is OrderStatus.AwaitingPayment or OrderStatus.Complete or OrderStatus.Refunding)
        {
            var ticket = system.Tickets.Read(order.Id.TicketId);
            var placedAt = Glimpse.TermsOf(order);
            Assert.True(ticket?.Terms == placedAt && ticket.TermsVersion == order.TermsVersion,
                $"2 frozen: {order.Id} was placed at {placedAt}, the ticket says {ticket?.Terms}.");
            Assert.True(system.SeenBy(order)?.Agrees(order) != false,
                $"2 frozen: {order.Id} was placed at {placedAt}, its buyer saw {system.SeenBy(order)}.");
            Assert.False(order.CreatedAt >= order.StartsAt || order.ExpiresAt > order.StartsAt,
                $"3 every lock ends: {order.Id} holds until {order.ExpiresAt}, its show begins at {order.StartsAt}.");
        }
        var before = seen.TryGetValue(order.Id, out var known) ? known : OrderStatus.Created;
        Assert.True(MayFollow(before, order.Status),
            $"4 one verdict: {order.Id} went from {before} to {order.Status}.");
        seen[order.Id] = order.Status;
    }

    static bool MayFollow(OrderStatus before, OrderStatus after) => before == after || (before, after) switch
    {
        (OrderStatus.Created, _) => true,               // sampled only sometimes, so states in between may be missed
        (OrderStatus.AwaitingPayment, not OrderStatus.Created) => true,
        (OrderStatus.Complete, OrderStatus.Refunding or OrderStatus.Refunded) => true,
        (OrderStatus.Refunding, OrderStatus.Refunded) => true,
        _ => false,
    };

    public void CheckAtRest()
    {
        CheckAlways();
        foreach (var ticket in system.Tickets.ReadAll())
            CheckTicketAtRest(ticket);
        foreach (var intent in system.Stripe.Intents.Values)
        {
            var status = Find(intent.Order)?.Status;
            var kept = intent.Captures > 0 && intent.Refund is null;
            Assert.True(kept == (status is OrderStatus.Complete),
                $"5 money: {intent.Order} is {status}, money kept: {kept}.");
            Assert.False(intent.Status is IntentStatus.RequiresCapture,
                $"8 settled: {intent.Order} is {status}, its intent {intent.Status}.");
        }
        var waiting =
            string.Join(", ", system.Tickets.Waiting.Concat(system.Orders.Waiting).Concat(system.Payments.Waiting));
        Assert.True(waiting.Length == 0, $"8 settled: {waiting} still wait.");
    }

    void CheckTicketAtRest(Ticket ticket)
    {
        var current = system.Orders.Read(ticket.Id)?.Current;
        Assert.False(current?.IsLive == true, $"3 every lock ends: {current?.Id} is still {current?.Status}.");
        Assert.True(ticket.Status != TicketStatus.Locked,
            $"9 at rest: {ticket.Id} is locked and {current?.Id} is {current?.Status}.");
        Assert.True((ticket.SoldTo is not null) == (current?.Status is OrderStatus.Complete),
            $"9 at rest: {ticket.Id} sold to {ticket.SoldTo}, {current?.Id} is {current?.Status}.");
        // Also if the last word of the refund was lost and somebody ordered at that moment.
        Assert.True(ticket.Withdrawn || system.Orders.Read(ticket.Id)?.Orders.All(order => !order.Snapshot(0).Withdraws) != false,
            $"9 at rest: {ticket.Id} was refunded by its seller and is {ticket.Status}.");
        // A lost event that no one waits for (such as an edit) stays lost until the next event of the ticket.
        var copy = system.Orders.Read(ticket.Id)?.Ticket;
        if (current is not null)
            Assert.True(copy?.SoldTo == ticket.SoldTo
                && copy?.Lock?.State != LockState.Granted == ticket.SoldTo is null,
                $"8 agreement: orders knows version {copy?.Version} of {ticket.Id}, it is at {ticket.Version}.");
    }

    Order? Find(OrderId id) => system.Orders.Read(id.TicketId)?.Find(id);
}
