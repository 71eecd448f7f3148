using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Sidecar.Json;

/// <summary>JSON bodies as daprd reads and writes them.</summary>
static class DaprJson
{
    /// <summary>Deeper nesting is refused.</summary>
    const int DepthMax = 512;

    static readonly JsonReaderOptions Reading = new() { MaxDepth = DepthMax, AllowMultipleValues = true };

    static readonly JsonWriterOptions Writing = new()
    {
        MaxDepth = DepthMax, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The first value; the rest is ignored.</summary>
    /// <exception cref="JsonException">It is not JSON, or not of that type.</exception>
    public static T? Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(bytes, Reading);
        return JsonSerializer.Deserialize(ref reader, type);
    }

    /// <exception cref="JsonException">The bytes do not begin with a JSON value.</exception>
    public static JsonElement Read(ReadOnlySpan<byte> bytes) => Read(bytes, SidecarJson.Default.JsonElement);

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, Writing)) write(json);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The value without spaces, the members of its objects in order of their names.</summary>
    /// <exception cref="JsonException">A string contains half of a surrogate pair.</exception>
    public static byte[] Compact(JsonElement value)
    {
        try
        {
            return Write(json => json.WriteSorted(value));
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public static void WriteSorted(this Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteMembers(Members(value));
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) json.WriteSorted(item);
                json.WriteEndArray();
                break;
            case JsonValueKind.Undefined:
                json.WriteNullValue();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    public static void WriteMembers(this Utf8JsonWriter json, SortedDictionary<string, JsonElement> members)
    {
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            json.WriteSorted(value);
        }

        json.WriteEndObject();
    }

    /// <summary>Of two members of one name the last one counts.</summary>
    public static SortedDictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }

    /// <summary>An object of texts, in order of their names.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> texts)
    {
        json.WriteStartObject();
        foreach (var (name, value) in texts.OrderBy(text => text.Key, StringComparer.Ordinal))
            json.WriteString(name, value);
        json.WriteEndObject();
    }
}
