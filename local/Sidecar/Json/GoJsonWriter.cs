using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Ticketing.Sidecar.Json;

/// <summary>
/// JSON byte for byte as Go's encoding/json writes it: compact, <c>&lt;&gt;&amp;</c> and line separators escaped.
/// </summary>
/// <param name="escapeHtml">False for the places where Dapr uses an encoder that leaves <c>&lt;&gt;&amp;</c>
/// alone.</param>
public sealed class GoJsonWriter(IBufferWriter<byte> output, bool escapeHtml = true)
{
    static readonly SearchValues<char> Special = SearchValues.Create(
        "\"\\<>&\u2028\u2029" + string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)));

    ulong _hasItems;
    bool _afterName;

    public GoJsonWriter StartObject() => Open((byte)'{');

    public GoJsonWriter EndObject() => Close((byte)'}');

    public GoJsonWriter StartArray() => Open((byte)'[');

    public GoJsonWriter EndArray() => Close((byte)']');

    public GoJsonWriter Name(ReadOnlySpan<char> name)
    {
        Separate();
        WriteText(name);
        Byte((byte)':');
        _afterName = true;
        return this;
    }

    public GoJsonWriter Text(ReadOnlySpan<char> value)
    {
        Separate();
        WriteText(value);
        return this;
    }

    public GoJsonWriter Number(long value) =>
        Raw(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public GoJsonWriter Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    public GoJsonWriter Null() => Raw("null"u8);

    /// <summary>Bytes that are JSON already.</summary>
    public GoJsonWriter Raw(ReadOnlySpan<byte> json)
    {
        Separate();
        output.Write(json);
        return this;
    }

    public GoJsonWriter Member(ReadOnlySpan<char> name, ReadOnlySpan<char> value) => Name(name).Text(value);

    GoJsonWriter Open(byte bracket)
    {
        Separate();
        Byte(bracket);
        _hasItems <<= 1;
        return this;
    }

    GoJsonWriter Close(byte bracket)
    {
        Byte(bracket);
        _hasItems >>= 1;
        return this;
    }

    void Separate()
    {
        if (_afterName) _afterName = false;
        else if ((_hasItems & 1) == 1) Byte((byte)',');
        _hasItems |= 1;
    }

    void WriteText(ReadOnlySpan<char> text)
    {
        Byte((byte)'"');
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            Utf8Bytes(text[..at]);
            Escape(text[at]);
            text = text[(at + 1)..];
        }

        Utf8Bytes(text);
        Byte((byte)'"');
    }

    void Escape(char c)
    {
        if (!escapeHtml && c is ('<' or '>' or '&')) Byte((byte)c);
        else output.Write(c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => Encoding.ASCII.GetBytes($"\\u{(int)c:x4}"),
        });
    }

    // A lone surrogate becomes the replacement character, as Go writes what is not UTF-8.
    void Utf8Bytes(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        var target = output.GetSpan(text.Length * 3);
        Utf8.FromUtf16(text, target, out _, out var written);
        output.Advance(written);
    }

    void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
