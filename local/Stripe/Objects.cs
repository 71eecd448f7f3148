using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

// Stripe's objects as on the wire (snake case), with the members that one-time card payments need.
// Amounts are minor units, times are Unix seconds.

sealed record PaymentIntent
{
    public required string Id { get; init; }
    public string Object { get; init; } = "payment_intent";
    public required long Amount { get; init; }
    public long AmountCapturable { get; init; }
    public long AmountReceived { get; init; }
    public long? CanceledAt { get; init; }
    public string? CancellationReason { get; init; }
    public required string CaptureMethod { get; init; }
    public required string ClientSecret { get; init; }
    public string ConfirmationMethod { get; init; } = "automatic";
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Description { get; init; }
    public Error? LastPaymentError { get; init; }
    public string? LatestCharge { get; init; }
    public bool Livemode { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public NextAction? NextAction { get; init; }
    public string? PaymentMethod { get; init; }
    public IReadOnlyList<string> PaymentMethodTypes { get; init; } = ["card"];
    public required string Status { get; init; }
}

sealed record NextAction(string Type, RedirectToUrl? RedirectToUrl = null, UseStripeSdk? UseStripeSdk = null);

sealed record RedirectToUrl(string Url, string ReturnUrl);

sealed record UseStripeSdk(string Type, string StripeJs);

sealed record Charge
{
    public required string Id { get; init; }
    public string Object { get; init; } = "charge";
    public required long Amount { get; init; }
    public long AmountCaptured { get; init; }
    public long AmountRefunded { get; init; }
    public bool Captured { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public bool Livemode { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public bool Paid { get; init; }
    public required string PaymentIntent { get; init; }
    public required string PaymentMethod { get; init; }
    public PaymentMethodDetails? PaymentMethodDetails { get; init; }
    public bool Refunded { get; init; }
    public required string Status { get; init; }
}

/// <summary>The card as it was when it was charged.</summary>
sealed record PaymentMethodDetails(PaymentCard Card)
{
    public string Type { get; init; } = "card";
}

sealed record Refund
{
    public required string Id { get; init; }
    public string Object { get; init; } = "refund";
    public required long Amount { get; init; }
    public required string Charge { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
    public required string PaymentIntent { get; init; }
    public string? Reason { get; init; }
    public string Status { get; init; } = "succeeded";
}

sealed record PaymentMethod(string Id, long Created, PaymentCard Card)
{
    public string Object { get; init; } = "payment_method";
    public string Type { get; init; } = "card";
    public bool Livemode { get; init; }
}

/// <param name="Fingerprint">The name of the test card; the number itself is never stored.</param>
sealed record PaymentCard(string Brand, string Last4, int ExpMonth, int ExpYear, string Fingerprint)
{
    public string Funding { get; init; } = "credit";
}

sealed record Event(
    string Id, string ApiVersion, long Created, EventData Data, string Type, int PendingWebhooks, EventRequest? Request)
{
    public string Object { get; init; } = "event";
    public bool Livemode { get; init; }
}

sealed record EventData(JsonNode Object);

sealed record EventRequest(string? Id, string? IdempotencyKey);

sealed record ErrorBody(Error Error);

/// <summary>An error as Stripe words it. The HTTP status is not part of the body.</summary>
sealed record Error(string Type, string Message, string? Code = null, string? Param = null, string? DeclineCode = null)
{
    /// <summary>The failed charge, if one was made.</summary>
    public string? Charge { get; init; }
    public JsonNode? PaymentIntent { get; init; }
    public JsonNode? PaymentMethod { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public int Status { get; init; } = 400;

    /// <summary>Refused before execution, such as a wrong parameter: not stored under the idempotency key.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool BeforeExecution { get; init; }

    public static Error Invalid(string message, string? code = null, string? param = null) =>
        new("invalid_request_error", message, code, param) { BeforeExecution = true };

    public static Error Missing(string what, string id, string? param = null) =>
        Invalid($"No such {what}: '{id}'", "resource_missing", param ?? "id")
            with
        { Status = param is null ? 404 : 400 };

    public static Error Unexpected(string message, JsonNode intent) =>
        new("invalid_request_error", message, "payment_intent_unexpected_state") { PaymentIntent = intent };
}
