using System.Text.Json;
using Stripe;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// What a signed event of Stripe's says, as far as it matters here. It is read by name, not by Stripe.net's types:
/// a type, an object or a member that this build does not know must not make an event unreadable.
/// </summary>
sealed record StripeNotice
{
    const int DepthMax = 512;

    public string? Id { get; private init; }
    public string? Type { get; private init; }
    /// <summary>Null: it does not say.</summary>
    public bool? IsLive { get; private init; }
    /// <summary>The connected account that it is about; null for an account's own events.</summary>
    public string? Account { get; private init; }
    /// <summary>The PaymentIntent that it is about.</summary>
    public string? IntentId { get; private init; }
    public OrderId? Order { get; private init; }
    /// <summary>Of the payment, from the metadata.</summary>
    public string? Name { get; private init; }
    /// <summary>The card that was declined.</summary>
    public Decline? Decline { get; private init; }

    /// <returns>Null: no JSON object.</returns>
    public static StripeNotice? Read(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = DepthMax });
            return json.RootElement is { ValueKind: JsonValueKind.Object } root ? Of(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return new();       // a text in it is no Unicode: nothing of it is used
        }
    }

    /// <summary>The state of the PaymentIntent after such an event; null for an event of no consequence here.</summary>
    public IntentState? Told(Payment payment) => StatusAfter(Type) is { } status && IntentId is not null
        ? new(IntentId, status, payment.Order!.Price, ClientSecret: null)
        {
            Name = Name,
            Decline = Decline,
            RefundId = Type is EventTypes.ChargeRefunded ? payment.RefundId ?? "" : null,
        }
        : null;

    static IntentStatus? StatusAfter(string? type) => type switch
    {
        // Their only news is that there is such a PaymentIntent.
        EventTypes.PaymentIntentCreated or EventTypes.PaymentIntentProcessing => IntentStatus.Processing,
        EventTypes.PaymentIntentRequiresAction => IntentStatus.RequiresAction,
        EventTypes.PaymentIntentPaymentFailed or EventTypes.ChargeFailed => IntentStatus.Open,
        EventTypes.PaymentIntentAmountCapturableUpdated or EventTypes.ChargeSucceeded => IntentStatus.RequiresCapture,
        EventTypes.PaymentIntentSucceeded or EventTypes.ChargeCaptured or EventTypes.ChargeRefunded =>
            IntentStatus.Succeeded,
        EventTypes.PaymentIntentCanceled or EventTypes.ChargeExpired => IntentStatus.Canceled,
        _ => null,
    };

    static StripeNotice Of(JsonElement root)
    {
        var type = Text(root, "type");
        var about = At(root, "data", "object");
        var isCharge = type?.StartsWith("charge.", StringComparison.Ordinal) is true;
        return new()
        {
            Id = Text(root, "id"),
            Type = type,
            IsLive = At(root, "livemode").ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            },
            Account = Text(root, "account"),
            IntentId = isCharge ? Text(about, "payment_intent") : Text(about, "id"),
            Order = OrderId.TryParse(Text(about, "metadata", StripeCharges.OrderKey), null, out var order) ? order : null,
            Name = Text(about, "metadata", StripeCharges.NameKey),
            Decline = type switch
            {
                EventTypes.PaymentIntentPaymentFailed => DeclineOf(about),
                EventTypes.ChargeFailed when Text(about, "id") is { } charge =>
                    new(charge, Text(about, "failure_code") ?? "unknown"),
                _ => null,
            },
        };
    }

    // As StripeCharges reads it from Stripe's answers: each decline counts once.
    static Decline? DeclineOf(JsonElement intent) =>
        At(intent, "last_payment_error") is { ValueKind: JsonValueKind.Object } error
        && (Text(error, "charge") ?? Text(error, "payment_method", "id") ?? Text(intent, "id")) is { } id
            ? new(id, Text(error, "decline_code") ?? Text(error, "code") ?? "unknown")
            : null;

    static JsonElement At(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(name, out json))
                return default;
        }

        return json;
    }

    static string? Text(JsonElement json, params ReadOnlySpan<string> path) =>
        At(json, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
