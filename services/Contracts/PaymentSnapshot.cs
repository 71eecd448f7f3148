using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>The state of the charge of one order, as of <see cref="Version"/>; it contains no secret.</summary>
public sealed record PaymentSnapshot : Extensible
{
    public required OrderId OrderId { get; init; }
    public required long Version { get; init; }
    public required PaymentStatus Status { get; init; }
    public required Money Amount { get; init; }
    public required int AttemptsLeft { get; init; }
    /// <summary>The code of the last decline, as Stripe names it (<c>insufficient_funds</c> …).</summary>
    public string? DeclineCode { get; init; }
    /// <summary>The id of the PaymentIntent, once Stripe has created it.</summary>
    public string? StripeId { get; init; }
    public string? StripeRefundId { get; init; }
    /// <summary>The newest version of the order book that payments has applied.</summary>
    public long BookVersion { get; init; }
    /// <summary>
    /// True when the publisher waits for an answer: each receiver then publishes its current snapshot.
    /// </summary>
    public bool Again { get; init; }
}

[JsonConverter(typeof(CamelCaseEnumConverter<PaymentStatus>))]
public enum PaymentStatus { Opened, RequiresAction, Authorized, Captured, Voided, Failed, Refunded }

public static class PaymentEvents
{
    /// <summary>The buyer has begun to pay. Nobody acts on it, so it is published only when repeated.</summary>
    public const string Opened = "payment.opened";
    public const string Authorized = "payment.authorized";
    public const string Declined = "payment.declined";
    public const string Failed = "payment.failed";
    public const string Captured = "payment.captured";
    public const string Voided = "payment.voided";
    public const string Refunded = "payment.refunded";
}
