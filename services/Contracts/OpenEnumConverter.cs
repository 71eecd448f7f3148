using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Contracts;

/// <summary>
/// An enum is written as a word. A word that this build does not know (a newer one wrote it) is read as a value without a
/// name and written back as the same word, as Protocol Buffers do with open enums. A number is refused.
/// </summary>
public abstract class OpenEnumConverter<T>(JsonNamingPolicy naming) : JsonConverter<T> where T : struct, Enum
{
    static readonly T[] values = Enum.GetValues<T>();
    readonly JsonEncodedText[] words =
        [.. values.Select(value => JsonEncodedText.Encode(naming.ConvertName(value.ToString())))];

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException($"Not a word of {typeof(T).Name}.");
        for (var i = 0; i < words.Length; i++)
        {
            if (reader.ValueTextEquals(words[i].EncodedUtf8Bytes))
                return values[i];
        }
        return UnknownWords<T>.Read(reader.GetString()!);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (Array.IndexOf(values, value) is >= 0 and var known)
            writer.WriteStringValue(words[known]);
        else
            writer.WriteStringValue(UnknownWords<T>.WordOf(value));
    }
}

/// <summary>Statuses are written as <c>awaitingPayment</c>.</summary>
public sealed class CamelCaseEnumConverter<T>() : OpenEnumConverter<T>(JsonNamingPolicy.CamelCase)
    where T : struct, Enum;

/// <summary>Reasons are written as <c>terms-changed</c>.</summary>
public sealed class KebabCaseEnumConverter<T>() : OpenEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;

/// <summary>The words of an enum, for schemas: its converter hides them from the generators.</summary>
public static class OpenEnum
{
    /// <returns>With null, if the type is nullable; null if it is no enum.</returns>
    public static List<JsonNode?>? WordsOf(JsonTypeInfo type)
    {
        var known = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (!known.IsEnum)
            return null;
        var words = Enum.GetValuesAsUnderlyingType(known).Cast<object>()
            .Select(value => JsonSerializer.SerializeToNode(Enum.ToObject(known, value), type.Options.GetTypeInfo(known)));
        return [.. words, .. known == type.Type ? Array.Empty<JsonNode?>() : [null]];
    }
}
