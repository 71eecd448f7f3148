using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>One attempt to buy a ticket: it holds the ticket until it is paid, cancelled or expired.</summary>
/// <param name="Price">Frozen: what the buyer saw is what is charged.</param>
/// <param name="TermsVersion">The terms the buyer saw; the ticket is locked only while they stand.</param>
public sealed record Order(
    OrderId Id, UserId Buyer, UserId Seller, string Title, Money Price, long TermsVersion,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt) : Extensible
{
    public static readonly Refusal NotFound = new(404, "order-not-found", "There is no such order.");
    public static readonly Refusal AlreadyPaid = new(409, "order-complete", "A paid order cannot be given up.");
    public static readonly Refusal NotPaid = new(409, "order-not-complete", "Only a complete order can be refunded.");
    public static readonly Refusal NotTheSeller = new(403, "not-the-seller", "Only the ticket's seller can refund.");

    public OrderStatus Status { get; init; } = OrderStatus.Created;
    public CancelReason? Reason { get; init; }
    /// <summary>By whose doing it is refunded; null: it is not, or an older build did not tell.</summary>
    public RefundCause? RefundCause { get; init; }

    /// <summary>With the seller's refund: the ticket is for sale again; else it is withdrawn.</summary>
    public bool Relist { get; init; }

    // With the title and the price these are the terms it was placed at. Orders of earlier builds have none of them.
    public string? Venue { get; init; }
    public string? Seat { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    /// <summary>The IANA name of the show's time zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>When and why the buyer asked for a refund; null if never.</summary>
    public RefundRequest? RefundRequest { get; init; }

    /// <summary>The book's version when this order last changed: what its snapshots carry.</summary>
    public long Version { get; init; }

    /// <summary>What happened to it, oldest first.</summary>
    public ImmutableArray<OrderStep> Timeline { get; init; } = [];

    /// <summary>Steps that are kept: an order has five of its own, the rest are declined cards.</summary>
    const int StepsMax = 30;

    [JsonIgnore]
    public bool IsLive => Status is OrderStatus.Created or OrderStatus.AwaitingPayment;

    /// <summary>No further change is possible.</summary>
    [JsonIgnore]
    public bool IsOver => Status is OrderStatus.Cancelled or OrderStatus.Refunded;

    public Decision<Order> Cancel(UserId by) => Status switch
    {
        _ when by != Buyer => NotFound,                 // a stranger does not learn that the order exists
        OrderStatus.Cancelled => this,                  // asked twice is done once
        OrderStatus.Created or OrderStatus.AwaitingPayment => Decision.Changed(Cancelled(CancelReason.ByBuyer)),
        _ => AlreadyPaid,
    };

    /// <param name="relist">The ticket is to be for sale again.</param>
    public Decision<Order> Refund(UserId by, bool relist = false) => Status switch
    {
        _ when by != Seller => by == Buyer ? NotTheSeller : NotFound,
        OrderStatus.Refunding or OrderStatus.Refunded => this,
        OrderStatus.Complete => Decision.Changed(
            this with { Status = OrderStatus.Refunding, RefundCause = Contracts.RefundCause.BySeller, Relist = relist }),
        _ => NotPaid,
    };

    /// <summary>The seller decides, and sees the newest reason.</summary>
    public Decision<Order> AskRefund(UserId by, string reason, DateTimeOffset now) => Status switch
    {
        _ when by != Buyer => NotFound,
        OrderStatus.Refunding or OrderStatus.Refunded => this,      // the refund is under way
        OrderStatus.Complete => RefundRequest?.Reason == reason
            ? this : Decision.Changed(this with { RefundRequest = new(reason, now) }),
        _ => NotPaid,
    };

    /// <summary>When the buyer's account ends: that a refund was asked for stays, the reason is erased.</summary>
    public Decision<Order> EraseReason(UserId by) => RefundRequest switch
    {
        _ when by != Buyer => NotFound,
        null or { Reason: "" } => this,
        _ => Decision.Changed(this with { RefundRequest = RefundRequest with { Reason = "" } }),
    };

    /// <summary>Applies the ticket's lock if it is about this order.</summary>
    public Order Apply(TicketLock? answer) => (Status, answer?.State) switch
    {
        _ when answer?.OrderId != Id => this,
        (OrderStatus.Created, LockState.Granted) => this with { Status = OrderStatus.AwaitingPayment },
        (OrderStatus.Created, LockState.Refused) => Cancelled(answer.Reason ?? CancelReason.PriceChanged),
        _ => this,
    };

    // A payment authorized after the order ended changes nothing here: payments voids it.
    public Order Apply(PaymentSnapshot payment) => (Status, payment.Status) switch
    {
        (OrderStatus.AwaitingPayment, PaymentStatus.Authorized) => this with { Status = OrderStatus.Complete },
        // Voided or refunded at Stripe before "authorized" was heard here: nobody can pay it any more.
        (OrderStatus.Created or OrderStatus.AwaitingPayment,
            PaymentStatus.Failed or PaymentStatus.Voided or PaymentStatus.Refunded) =>
            Cancelled(CancelReason.PaymentFailed),
        // Stripe did it by itself, or somebody in its dashboard.
        (OrderStatus.Complete, PaymentStatus.Refunded) => Refunded(Contracts.RefundCause.AtStripe),
        (OrderStatus.Complete, PaymentStatus.Voided) => Refunded(Contracts.RefundCause.NothingTaken),
        // A charge that was voided before it was captured costs the buyer nothing either.
        (OrderStatus.Refunding, PaymentStatus.Refunded or PaymentStatus.Voided) =>
            this with { Status = OrderStatus.Refunded },
        _ => this,
    };

    /// <summary>False: no order is changed by it, whatever its status.</summary>
    public static bool IsChangedBy(PaymentSnapshot payment) => payment.DeclineCode is not null || payment.Status
        is PaymentStatus.Authorized or PaymentStatus.Failed or PaymentStatus.Voided or PaymentStatus.Refunded;

    // The timer may fire early, late or twice: the order's own deadline decides.
    public Order Expire(DateTimeOffset now) => IsLive && now >= ExpiresAt ? Cancelled(CancelReason.Expired) : this;

    /// <summary>Adds a step to the timeline that changes nothing else.</summary>
    public Order Note(OrderStep step) => Timeline.Length < StepsMax && Timeline.All(known => known.Event != step.Event)
        ? this with { Timeline = Timeline.Add(step) }
        : this;

    Order Refunded(RefundCause cause) => this with { Status = OrderStatus.Refunded, RefundCause = cause };

    Order Cancelled(CancelReason reason) => this with { Status = OrderStatus.Cancelled, Reason = reason };

    /// <summary>True when no other service still has to confirm this order's state (see docs/decisions/0003).</summary>
    public bool IsSettled(TicketSnapshot? ticket) => Status switch
    {
        OrderStatus.Created or OrderStatus.Refunding => false,
        OrderStatus.AwaitingPayment => true,
        OrderStatus.Complete => ticket?.SoldTo == Id,
        _ => ticket?.Lock is { } hold
            && (hold.Seq > Id.Seq || hold.Seq == Id.Seq && hold.State != LockState.Granted),
    };

    /// <param name="ticketVersion">The newest version of the ticket that the book has applied.</param>
    public OrderSnapshot Snapshot(long ticketVersion) => new()
    {
        Id = Id, TicketId = Id.TicketId, BookVersion = Version, Buyer = Buyer, Seller = Seller, Title = Title,
        Price = Price, TermsVersion = TermsVersion, Status = Status, Reason = Reason, RefundCause = RefundCause,
        Relist = Relist, ExpiresAt = ExpiresAt, CreatedAt = CreatedAt, TicketVersion = ticketVersion,
    };
}

/// <summary>A buyer wants to give a paid ticket back.</summary>
/// <param name="Reason">For the seller to read.</param>
public sealed record RefundRequest(string Reason, DateTimeOffset At) : Extensible;

/// <summary>One thing that happened to an order.</summary>
/// <param name="Status">What the order was from then on.</param>
/// <param name="Event">The id of the event that told the others.</param>
/// <param name="Cause">The id of the event that made it so; null: a person asked, or the time was up.</param>
/// <param name="Decline">A card that was declined, in Stripe's words; the buyer may try another.</param>
public sealed record OrderStep(
    DateTimeOffset At, OrderStatus Status, CancelReason? Reason, string Event, string? Cause, string? Decline = null)
    : Extensible
{
    /// <summary>By whose doing the money goes back.</summary>
    public RefundCause? RefundCause { get; init; }
}
