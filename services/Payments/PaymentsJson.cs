using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Payments;

/// <summary>The JSON of the store and of the API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(Document<Payment>))]
[JsonSerializable(typeof(PayRequest))]
[JsonSerializable(typeof(PaymentView))]
[JsonSerializable(typeof(PaymentConfig))]
[JsonSerializable(typeof(PersonalPayment))]
[JsonSerializable(typeof(WebhookTaken))]
sealed partial class PaymentsJson : JsonSerializerContext;
