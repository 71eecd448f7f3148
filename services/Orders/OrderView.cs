using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>What a buyer sends to buy a ticket.</summary>
/// <param name="ExpectedPrice">Minor units the buyer saw; the order is refused if the price is another by now.</param>
public sealed record PlaceOrder(string? TicketId, long? ExpectedPrice = null);

/// <summary>An order as its buyer sees it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Version">Grows with every change of the order.</param>
public sealed record OrderView(
    OrderId Id, TicketId TicketId, string Title, long Price, string Currency, OrderStatus Status,
    DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, long Version, CancelReason? Reason = null)
{
    public static OrderView Of(Order order) => Of(order.Snapshot(ticketVersion: 0));

    public static OrderView Of(OrderSnapshot order) => new(order.Id, order.TicketId, order.Title, order.Price.Amount,
        order.Price.Currency, order.Status, order.ExpiresAt, order.CreatedAt, order.BookVersion, order.Reason);
}

/// <param name="Next">Pass it as <c>after</c> for the next page; absent on the last.</param>
public sealed record OrderPage(IReadOnlyList<OrderView> Items, string? Next = null);

/// <summary>What happened to an order, oldest first.</summary>
public sealed record TimelineView(IReadOnlyList<StepView> Items);

/// <param name="Type">The event that told of it, e.g. <c>order.cancelled</c>, <c>payment.declined</c>.</param>
/// <param name="Why">In a sentence.</param>
/// <param name="CauseId">The event that made it so; absent if a person asked or the time was up.</param>
public sealed record StepView(
    DateTimeOffset At, string Type, OrderStatus Status, string Why, string EventId, string? CauseId = null)
{
    public static StepView Of(OrderStep step) => step.Decline is { } code
        ? new(step.At, PaymentEvents.Declined, step.Status, $"The card was declined ({code}).", step.Event)
        : new(step.At, OrderEvents.For(step.Status), step.Status, Reason(step), step.Event, step.Cause);

    static string Reason(OrderStep step) => (step.Status, step.Reason) switch
    {
        (OrderStatus.Created, _) => "The buyer asked for the ticket.",
        (OrderStatus.AwaitingPayment, _) => "The ticket is locked for the buyer.",
        (OrderStatus.Complete, _) => "The payment is authorized.",
        (OrderStatus.Refunding, _) => "The seller gives the money back.",
        (OrderStatus.Refunded, _) => "The money is given back.",
        (_, CancelReason.PriceChanged) => "The seller changed the ticket before it was locked.",
        (_, CancelReason.Withdrawn) => "The seller withdrew the ticket before it was locked.",
        (_, CancelReason.Expired) => "It was not paid in time.",
        (_, CancelReason.PaymentFailed) => "The payment failed for good.",
        (OrderStatus.Cancelled, CancelReason.ByBuyer or null) => "The buyer gave it up.",
        _ => "A newer version of the shop changed it.",
    };
}
