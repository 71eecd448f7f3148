using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Json;

/// <summary>
/// Reads one JSON value by Go's rules: member names in any letter case, null like nothing, whatever follows the value
/// ignored. Everything wrong is a <see cref="FormatException"/> in the words of Go's decoder.
/// </summary>
ref struct GoReader
{
    readonly ReadOnlySpan<byte> _body;
    Utf8JsonReader _json;

    /// <summary>Stands on the value's first token.</summary>
    public GoReader(ReadOnlySpan<byte> body)
    {
        _body = body;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 10_000, AllowMultipleValues = true });
        Read();
    }

    public readonly bool IsObject => _json.TokenType == JsonTokenType.StartObject;

    public readonly bool IsArray => _json.TokenType == JsonTokenType.StartArray;

    public readonly bool IsNull => _json.TokenType == JsonTokenType.Null;

    /// <summary>To the next element; false at the array's end.</summary>
    public bool NextElement()
    {
        Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>To the next member's value; false at the object's end.</summary>
    public bool NextMember(out string name)
    {
        Read();
        name = "";
        if (_json.TokenType == JsonTokenType.EndObject) return false;
        name = GoValue.TextOf(ref _json);
        Read();
        return true;
    }

    /// <summary>Null when the value is no string.</summary>
    public string? Text() => _json.TokenType == JsonTokenType.String ? GoValue.TextOf(ref _json) : null;

    /// <summary>Null when the value is neither true nor false.</summary>
    public readonly bool? Flag() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    /// <summary>The value's own bytes.</summary>
    public ReadOnlySpan<byte> Raw()
    {
        var start = (int)_json.TokenStartIndex;
        Skip();
        return _body[start..(int)_json.BytesConsumed];
    }

    public void Skip()
    {
        try
        {
            _json.Skip();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    /// <summary>The value as Go would write it again.</summary>
    public byte[] Rewrite(JsonStyle style)
    {
        try
        {
            return GoValue.Rewrite(ref _json, style);
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    /// <param name="target">Such as <c>Go struct field SetRequest.etag of type string</c>.</param>
    public readonly FormatException WrongType(string target) => Wrong($"json: cannot unmarshal {_json.TokenType switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        JsonTokenType.String => "string",
        JsonTokenType.Number => "number",
        _ => "bool",
    }} into {target}");

    /// <summary>The same in the words of mapstructure, which decodes the requests inside a transaction.</summary>
    public readonly FormatException WrongMapType(string field)
    {
        var (type, value) = _json.TokenType switch
        {
            JsonTokenType.StartObject => ("map[string]interface {}", "map[]"),
            JsonTokenType.StartArray => ("[]interface {}", "[]"),
            JsonTokenType.String => ("string", Encoding.UTF8.GetString(_json.ValueSpan)),
            JsonTokenType.Number => ("float64", Utf8Parser.TryParse(_json.ValueSpan, out double number, out _)
                ? number.ToString("R", CultureInfo.InvariantCulture) : ""),
            _ => ("bool", Encoding.UTF8.GetString(_json.ValueSpan)),
        };
        return Wrong($"1 error(s) decoding:\n\n* '{field}' expected type 'string', got unconvertible type '{type}', value: '{value}'");
    }

    void Read()
    {
        try
        {
            if (!_json.Read()) throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    // Go looks at the whole value's syntax before it looks at types.
    readonly FormatException Wrong(string type) => new(GoSyntax.Explain(_body) ?? type);

    readonly FormatException Malformed() => new(GoSyntax.Explain(_body) ?? "unexpected EOF");
}
