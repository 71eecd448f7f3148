using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>The state of one order, published at every change; as of <see cref="BookVersion"/>.</summary>
public sealed record OrderSnapshot : Extensible
{
    public required OrderId Id { get; init; }
    public required TicketId TicketId { get; init; }
    /// <summary>
    /// The version of the ticket's order book; it grows at every change of any of the ticket's orders.
    /// </summary>
    public required long BookVersion { get; init; }
    public required UserId Buyer { get; init; }
    public required UserId Seller { get; init; }
    public required string Title { get; init; }
    public required Money Price { get; init; }
    /// <summary>The version of the terms the buyer saw: tickets grants the lock only if it is still current.</summary>
    public required long TermsVersion { get; init; }
    public required OrderStatus Status { get; init; }
    public CancelReason? Reason { get; init; }
    /// <summary>By whose doing a paid order lost its money; null: not refunded, or an older build did not tell.</summary>
    public RefundCause? RefundCause { get; init; }
    /// <summary>With the seller's refund: the ticket is for sale again; else it is withdrawn.</summary>
    public bool Relist { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>The newest version of the ticket that orders has applied.</summary>
    public long TicketVersion { get; init; }
    /// <summary>
    /// True when the publisher waits for an answer: each receiver then publishes its current snapshot.
    /// </summary>
    public bool Again { get; init; }

    /// <summary>
    /// With the end of this order the ticket goes off sale: its seller refunded it and did not say "sell it again".
    /// </summary>
    [JsonIgnore]
    public bool Withdraws =>
        Status is OrderStatus.Refunded && RefundCause is Contracts.RefundCause.BySeller && !Relist;

    [JsonIgnore]
    public bool IsLive => Status is OrderStatus.Created or OrderStatus.AwaitingPayment;
}

[JsonConverter(typeof(CamelCaseEnumConverter<OrderStatus>))]
public enum OrderStatus { Created, AwaitingPayment, Complete, Cancelled, Refunding, Refunded }

/// <summary>Why an order was cancelled, or a lock refused.</summary>
/// <remarks>
/// Documents and events say <c>PriceChanged</c> whichever of the terms changed: earlier builds would take a ticket with
/// another word off sale (docs/decisions/0015). The HTTP API says <c>TermsChanged</c>.
/// </remarks>
[JsonConverter(typeof(KebabCaseEnumConverter<CancelReason>))]
public enum CancelReason { PriceChanged, Withdrawn, ByBuyer, Expired, PaymentFailed, TermsChanged, ShowBegun }

/// <summary>Why the money of a paid order is not the seller's.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<RefundCause>))]
public enum RefundCause
{
    /// <summary>The seller asked for it here.</summary>
    BySeller,
    /// <summary>It was refunded at Stripe, for example in its dashboard.</summary>
    AtStripe,
    /// <summary>Stripe gave the authorization up before the money was taken.</summary>
    NothingTaken,
}

public static class OrderEvents
{
    public const string Created = "order.created";
    public const string AwaitingPayment = "order.awaiting-payment";
    public const string Completed = "order.completed";
    public const string Cancelled = "order.cancelled";
    public const string Refunding = "order.refunding";
    public const string Refunded = "order.refunded";

    public static string For(OrderStatus status) => status switch
    {
        OrderStatus.Created => Created,
        OrderStatus.AwaitingPayment => AwaitingPayment,
        OrderStatus.Complete => Completed,
        OrderStatus.Cancelled => Cancelled,
        OrderStatus.Refunding => Refunding,
        OrderStatus.Refunded => Refunded,
        _ => "order.changed",   // a status of a newer build, which is shown or passed on
    };
}
