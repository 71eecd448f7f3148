using System.Buffers;
using System.Text.Json;

namespace Ticketing.Sidecar.Json;

/// <summary>JSON that is embedded in a larger answer: Go's encoder drops its spaces and escapes what is HTML.</summary>
static class GoCompact
{
    static readonly SearchValues<byte> Touched = SearchValues.Create(" \t\r\n<>&\u00e2"u8);

    /// <exception cref="JsonException">The bytes are not one JSON value.</exception>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 10_000 });
        while (reader.Read())
        {
            // Only whether it can be read to its end.
        }

        return json.IndexOfAny(Touched) < 0 ? json : Copy(json);
    }

    static ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(json.Length);
        var inText = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (c == '"') inText = !inText;
            else if (!inText && c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') continue;

            if (inText && c == '\\') output.Write(json.Slice(i++, 2));
            else if (c is (byte)'<' or (byte)'>' or (byte)'&') output.Write(Escape(c));
            else if (json[i..].StartsWith("\u2028"u8) || json[i..].StartsWith("\u2029"u8))
            {
                output.Write(json[i + 2] == 0xa8 ? "\\u2028"u8 : "\\u2029"u8);
                i += 2;
            }
            else output.Write(json.Slice(i, 1));
        }

        return output.WrittenSpan;
    }

    static ReadOnlySpan<byte> Escape(byte c) => c switch
    {
        (byte)'<' => "\\u003c"u8,
        (byte)'>' => "\\u003e"u8,
        _ => "\\u0026"u8,
    };
}
