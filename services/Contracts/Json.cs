using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>An id is written as its text; reading a malformed one fails.</summary>
public sealed class IdJsonConverter<T> : JsonConverter<T> where T : struct, IParsable<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString(), null, out var id)
            ? id
            : throw new JsonException($"Not a {typeof(T).Name}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>The JSON of every published record: camelCase, null members absent.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(CloudEvent<TicketSnapshot>))]
[JsonSerializable(typeof(CloudEvent<OrderSnapshot>))]
[JsonSerializable(typeof(CloudEvent<PaymentSnapshot>))]
[JsonSerializable(typeof(CloudEvent<ExpirationElapsed>))]
[JsonSerializable(typeof(CloudEvent<SessionRevoked>))]
public sealed partial class ContractsJson : JsonSerializerContext;
