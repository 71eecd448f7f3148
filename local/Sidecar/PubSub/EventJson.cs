using System.Buffers;
using System.Text.Json;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.PubSub;

/// <summary>The JSON of events, read member by member.</summary>
static class EventJson
{
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 512 };

    /// <summary>The members of the first value in the data, each rewritten as Go would; numbers keep their
    /// digits.</summary>
    /// <exception cref="FormatException">It is no JSON object; the text is Go's.</exception>
    public static SortedDictionary<string, byte[]> ReadMembers(ReadOnlySpan<byte> data)
    {
        try
        {
            return Members(data);
        }
        catch (JsonException error)
        {
            throw new FormatException(GoSyntax.Explain(data) ?? error.Message, error);
        }
    }

    static SortedDictionary<string, byte[]> Members(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new FormatException(
                $"json: cannot unmarshal {Kind(reader.TokenType)} into Go value of type map[string]interface {{}}");

        var members = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = GoValue.TextOf(ref reader);
            reader.Read();
            members[name] = GoValue.Rewrite(ref reader, JsonStyle.Precise);
        }

        return members;
    }

    /// <summary>The object that <see cref="ReadMembers"/> reads.</summary>
    public static byte[] Write(SortedDictionary<string, byte[]> members)
    {
        var output = new ArrayBufferWriter<byte>(512);
        var json = new GoJsonWriter(output).StartObject();
        foreach (var (name, value) in members) json.Name(name).Raw(value);
        json.EndObject();
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Quote(string text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 2);
        new GoJsonWriter(output).Text(text);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The text of a JSON string; "" for any other value.</summary>
    public static string TextOrEmpty(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? GoValue.TextOf(ref reader) : "";
    }

    static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        JsonTokenType.Null => "null",
        _ => "bool",
    };
}
