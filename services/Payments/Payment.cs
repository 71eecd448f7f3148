using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// The charge of one order. It exists from the first event of the order; <see cref="Status"/> is null until the buyer
/// pays. Money is captured only for a complete order, and refunded when the order ends otherwise.
/// </summary>
public sealed partial record Payment(OrderId OrderId, long Version) : Extensible, IAggregate<Payment>
{
    public static readonly Refusal NoSuchOrder = new(404, "order-not-found", "There is no such order.");
    public static readonly Refusal NotFound = new(404, "payment-not-found", "There is no such payment.");
    public static readonly Refusal NotPayable = new(409, "order-not-payable", "This order cannot be paid.");

    public PayableOrder? Order { get; init; }
    public PaymentStatus? Status { get; init; }
    /// <summary>
    /// Random, made when it is opened. After a restore from a backup the same order id may be given again: Stripe's
    /// objects and keys carry this name, so those of the lost order are never taken for this one's. Null: opened by a
    /// build without names.
    /// </summary>
    public string? Name { get; init; }
    public int AttemptsMax { get; init; }

    /// <summary>The id of the PaymentIntent, once Stripe has created it.</summary>
    public string? StripeId { get; init; }
    /// <summary>With it the buyer's browser opens the PaymentIntent; shown to the buyer only.</summary>
    public string? ClientSecret { get; init; }
    public string? RefundId { get; init; }
    /// <summary>The card that was authorized.</summary>
    public CardShown? Card { get; init; }
    /// <summary>When it became known here that the money is captured.</summary>
    public DateTimeOffset? CapturedAt { get; init; }
    /// <summary>When Stripe made the refund.</summary>
    public DateTimeOffset? RefundedAt { get; init; }
    /// <summary>The PaymentIntent is cancelled at Stripe: it cannot be paid any more.</summary>
    public bool Closed { get; init; }

    /// <summary>Declined cards; never more than <see cref="AttemptsMax"/>.</summary>
    public ImmutableArray<Decline> Declines { get; init; } = [];
    /// <summary>The number of the last attempt through this API, answered or not.</summary>
    public int Attempts { get; init; }
    /// <summary>The attempt that Stripe has not answered yet.</summary>
    public Attempt? Attempt { get; init; }
    public Answer? LastAnswer { get; init; }

    /// <summary>The call to make to Stripe; computed by <see cref="Due"/> and saved with the rest.</summary>
    public Effect? Pending { get; init; }

    public static string Kind => "payment";
    public static Payment Absent(string id) => new(OrderId.Parse(id, null), 0);

    int AttemptsLeft => AttemptsMax - Declines.Length;
    bool IsOpen => Status is PaymentStatus.Opened or PaymentStatus.RequiresAction;
    /// <summary>The order ended without a sale, or is about to: its money is given back.</summary>
    bool OrderIsOver => Order?.Status is OrderStatus.Cancelled or OrderStatus.Refunding or OrderStatus.Refunded;

    /// <summary>Opens the payment, or returns the open one.</summary>
    /// <param name="name">Random (<see cref="Name"/>).</param>
    public Decision<Payment> Open(UserId by, int attemptsMax, DateTimeOffset now, string? name = null) => Status switch
    {
        _ when Order?.Buyer != by => NoSuchOrder,       // a stranger does not learn that the order exists
        PaymentStatus.Failed or PaymentStatus.Voided or PaymentStatus.Refunded =>
            NotPayable.With("orderStatus", Order.Status),
        PaymentStatus.Authorized or PaymentStatus.Captured => this,                 // paid already
        _ when Order.Status is not OrderStatus.AwaitingPayment => NotPayable.With("orderStatus", Order.Status),
        null => (this with { Status = PaymentStatus.Opened, AttemptsMax = attemptsMax, Name = name })
            .ChangedFrom(this, now),
        _ => this,
    };

    /// <summary>Tries a card. While an attempt is unanswered, other callers wait for its answer.</summary>
    public Decision<Payment> Pay(UserId by, string method, int attemptsMax, DateTimeOffset now, string? name = null)
    {
        var opened = Open(by, attemptsMax, now, name);
        if (opened.Refusal is not null || opened.State is not { IsOpen: true, Attempt: null } payment)
            return opened;
        var attempt = new Attempt(Attempts + 1, method);
        return (payment with { Version = Version, Pending = Pending, Attempt = attempt, Attempts = attempt.Number })
            .ChangedFrom(this, now);
    }

    /// <summary>Applies a snapshot of the order; one that is not newer is ignored.</summary>
    public Decision<Payment> Apply(PayableOrder order, bool again, DateTimeOffset now)
    {
        var known = Order?.BookVersion ?? 0;
        // Another buyer: the id was given again after a restore of the orders alone. This one's money is not that buyer's.
        if (Status is not null && order.Buyer != Order!.Buyer)
            return this;
        // An order whose ticket is not locked yet cannot be paid: its next snapshot is early enough.
        var payment = order.BookVersion <= known || Order is null && order.Status is OrderStatus.Created
            ? this
            : (this with { Order = order with { Unknown = Order?.Unknown } }).VoidedIfNeverCreated();
        var decision = payment.ChangedFrom(this, now);
        return again && decision.Events.IsEmpty && Status is not null
            ? decision.Answering(decision.State!.Announce())
            : decision;
    }

    // Unsettled while the order's outcome is unknown, a call to Stripe is pending, or a browser may have paid and the
    // webhook may be lost.
    public bool IsSettled(DateTimeOffset now) => Pending is null && Status switch
    {
        PaymentStatus.Authorized => false,
        PaymentStatus.Opened or PaymentStatus.RequiresAction or PaymentStatus.Failed => OrderIsOver,
        // If Stripe acted by itself, until the order is known to have ended too.
        PaymentStatus.Voided or PaymentStatus.Refunded => OrderIsOver,
        _ => true,
    };

    /// <summary>Also while it is open: the event that ended the order may have been lost.</summary>
    public IEnumerable<Event> Repeat() => Status is null ? [] : [Announce(again: true)];

    public PaymentSnapshot Snapshot() => new()
    {
        OrderId = OrderId, Version = Version, Status = Status!.Value, Amount = Order!.Price,
        AttemptsLeft = AttemptsLeft,
        DeclineCode = IsOpen || Status is PaymentStatus.Failed ? Declines.LastOrDefault()?.Code : null,
        StripeId = StripeId, StripeRefundId = RefundId, BookVersion = Order.BookVersion,
    };

    // Without a PaymentIntent nothing can have been paid and nothing must be cancelled at Stripe. If a card was sent with
    // the call that creates it, it must be known how that call ended.
    Payment VoidedIfNeverCreated() => IsOpen && OrderIsOver && StripeId is null && Pending?.Attempt is null
        ? this with { Status = PaymentStatus.Voided }
        : this;

    /// <summary>The call to make to Stripe in this state.</summary>
    EffectKind? Due => Status switch
    {
        PaymentStatus.Opened or PaymentStatus.RequiresAction =>
            StripeId is null ? EffectKind.Create
            : OrderIsOver ? EffectKind.Cancel
            : Attempt is null ? null : EffectKind.Confirm,
        PaymentStatus.Authorized when OrderIsOver => EffectKind.Cancel,
        PaymentStatus.Authorized when Order!.Status is OrderStatus.Complete => EffectKind.Capture,
        PaymentStatus.Captured when OrderIsOver => EffectKind.Refund,
        PaymentStatus.Failed when !Closed => EffectKind.Cancel,
        _ => null,
    };

    // Every change gets its effect, version and event here. The version counts only what is published.
    Decision<Payment> ChangedFrom(Payment before, DateTimeOffset now)
    {
        if (this == before)
            return before;
        var next = this with { Pending = Due is { } kind ? EffectOf(kind, now) : null };
        var isNews = IsAnnounced && (before.Status is null || next.Published() != before.Published());
        if (!isNews)
            return Decision.Changed(next with { Version = Math.Max(1, Version) });
        next = next with { Version = before.Version + 1 };
        return Decision.Changed(next, next.Announce());
    }

    Effect EffectOf(EffectKind kind, DateTimeOffset now)
    {
        // There is one PaymentIntent for an order. A card that comes while it is being created without one is tried
        // afterwards, and when the order ends, a card that was sent with it is not sent again.
        if (kind is EffectKind.Create && Pending is { Kind: EffectKind.Create } creation)
            return OrderIsOver ? creation with { WithoutCard = true } : creation;
        var due = new Effect(kind, OrderId, Order!.Price, now,
            Attempt: kind is EffectKind.Create or EffectKind.Confirm ? Attempt : null)
        {
            Name = Name,
        };
        return due.IsSameAs(Pending) ? Pending! : due;
    }

    /// <summary>Nobody acts on a payment that the buyer has only begun: it is published only when repeated.</summary>
    bool IsAnnounced => Status switch
    {
        null or PaymentStatus.RequiresAction => false,
        PaymentStatus.Opened => !Declines.IsEmpty,
        _ => true,
    };

    /// <summary>What other services see of it, without the versions.</summary>
    PaymentSnapshot Published() => Snapshot() with { Version = 0, BookVersion = 0 };

    Event Announce(bool again = false)
    {
        var type = Status switch
        {
            PaymentStatus.Opened when !Declines.IsEmpty => PaymentEvents.Declined,
            PaymentStatus.Opened or PaymentStatus.RequiresAction => PaymentEvents.Opened,
            PaymentStatus.Authorized => PaymentEvents.Authorized,
            PaymentStatus.Captured => PaymentEvents.Captured,
            PaymentStatus.Voided => PaymentEvents.Voided,
            PaymentStatus.Failed => PaymentEvents.Failed,
            PaymentStatus.Refunded => PaymentEvents.Refunded,
            _ => throw new InvalidOperationException("The payment is not opened: there is nothing to publish."),
        };
        return Event.Of(type, Snapshot() with { Again = again });
    }
}

/// <summary>What a receipt shows of a card.</summary>
public sealed record CardShown(string Brand, string Last4) : Extensible;

/// <summary>What payments needs to know of an order.</summary>
/// <param name="BookVersion">At the order's last change; a snapshot that is not newer is ignored.</param>
public sealed record PayableOrder(UserId Buyer, Money Price, OrderStatus Status, long BookVersion) : Extensible
{
    public static PayableOrder Of(OrderSnapshot order) =>
        new(order.Buyer, order.Price, order.Status, order.BookVersion);
}
