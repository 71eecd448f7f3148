using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>What a buyer sends to buy a ticket.</summary>
/// <param name="ExpectedTerms">
/// The <c>termsVersion</c> the buyer saw: the order is refused if any of the terms is another by now.
/// </param>
/// <param name="ExpectedPrice">
/// Minor units the buyer saw: the order is refused if the price is another by now, or the currency may be.
/// </param>
/// <param name="ExpectedCurrency">ISO 4217 in lower case: the currency the buyer saw.</param>
public sealed record PlaceOrder(
    string? TicketId, long? ExpectedTerms = null, long? ExpectedPrice = null, string? ExpectedCurrency = null)
{
    /// <summary>By JSON name; besides a wrong ticket id.</summary>
    public Dictionary<string, string[]> Mistakes()
    {
        var mistakes = new Dictionary<string, string[]>();
        if (ExpectedTerms <= 0)
            mistakes["expectedTerms"] = ["The termsVersion of the ticket that was seen; the first is 1."];
        if (ExpectedPrice <= 0)
            mistakes["expectedPrice"] = ["A price is at least 1, in minor units."];
        if (ExpectedCurrency is not null && !Currencies.IsKnown(ExpectedCurrency))
            mistakes["expectedCurrency"] = ["An ISO 4217 code in lower case, such as usd."];
        return mistakes;
    }

    public SeenTerms Seen => new(ExpectedTerms, ExpectedPrice, ExpectedCurrency);
}

/// <summary>An order as its buyer sees it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Version">Grows with every change of the order.</param>
/// <param name="StartsAt">When the show begins, as the buyer agreed to it; no order holds a ticket for longer.</param>
/// <param name="TimeZone">The IANA name of the show's time zone; absent if its seller did not say.</param>
public sealed record OrderView(
    OrderId Id, TicketId TicketId, string Title, long Price, string Currency, OrderStatus Status,
    DateTimeOffset ExpiresAt, DateTimeOffset CreatedAt, long Version, CancelReason? Reason = null,
    string? Venue = null, DateTimeOffset? StartsAt = null, string? Seat = null, string? TimeZone = null,
    UserId? SellerId = null)
{
    /// <summary>By whose doing the money went back; absent if it did not.</summary>
    public RefundCause? RefundCause { get; init; }

    public static OrderView Of(Order order) => Of(order.Snapshot(ticketVersion: 0)) with
    {
        Venue = order.Venue,
        StartsAt = order.StartsAt,
        Seat = order.Seat,
        TimeZone = order.TimeZone,
    };

    /// <param name="same">Another view of the same order: its terms are frozen.</param>
    public OrderView WithTermsOf(OrderView same) => this with
    {
        Venue = same.Venue,
        StartsAt = same.StartsAt,
        Seat = same.Seat,
        TimeZone = same.TimeZone,
    };

    /// <summary>The event does not tell the venue, the date, the seat and the time zone.</summary>
    public static OrderView Of(OrderSnapshot order) => new(order.Id, order.TicketId, order.Title, order.Price.Amount,
        order.Price.Currency, order.Status, order.ExpiresAt, order.CreatedAt, order.BookVersion,
        order.Reason is CancelReason.PriceChanged ? CancelReason.TermsChanged : order.Reason, SellerId: order.Seller)
    {
        RefundCause = order.RefundCause,
    };
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
        (OrderStatus.Refunded, _) => step.RefundCause switch
        {
            RefundCause.AtStripe => "The payment was refunded at Stripe.",
            RefundCause.NothingTaken => "The card's authorization ended before it was charged: nothing was taken.",
            _ => "The money is given back.",
        },
        (_, CancelReason.TermsChanged or CancelReason.PriceChanged) =>
            "The seller changed the ticket before it was locked.",
        (_, CancelReason.Withdrawn) => "The seller withdrew the ticket before it was locked.",
        (_, CancelReason.ShowBegun) => "The show had begun.",
        (_, CancelReason.Expired) => "It was not paid in time.",
        (_, CancelReason.PaymentFailed) => "The payment failed for good.",
        (OrderStatus.Cancelled, CancelReason.ByBuyer or null) => "The buyer gave it up.",
        _ => "A newer version of the shop changed it.",
    };
}
