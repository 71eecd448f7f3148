using System.Globalization;
using System.Text;

namespace Ticketing.Sidecar.Json;

/// <summary>
/// Says what is wrong with JSON in the words of Go's decoder, which is what callers of Dapr get to read.
/// </summary>
/// <remarks>
/// Only run after a parse has failed: it looks at one value, as a decoder does, and not at what follows it.
/// </remarks>
ref struct GoSyntax
{
    readonly ReadOnlySpan<byte> _json;
    int _at;

    GoSyntax(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>Null when the first value is well formed after all.</summary>
    public static string? Explain(ReadOnlySpan<byte> json)
    {
        var syntax = new GoSyntax(json);
        syntax.SkipSpace();
        if (syntax._at == json.Length) return "EOF";
        try
        {
            syntax.Value();
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    void Value()
    {
        SkipSpace();
        switch (Next())
        {
            case (byte)'{': Object(); break;
            case (byte)'[': Array(); break;
            case (byte)'"': Text(); break;
            case (byte)'t': Literal("true"u8); break;
            case (byte)'f': Literal("false"u8); break;
            case (byte)'n': Literal("null"u8); break;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): Number(); break;
            default: throw Wrong("looking for beginning of value");
        }
    }

    void Object()
    {
        SkipSpace();
        if (Next() == '}') return;
        while (true)
        {
            if (_json[_at - 1] != '"') throw Wrong("looking for beginning of object key string");
            Text();
            SkipSpace();
            if (Next() != ':') throw Wrong("after object key");
            Value();
            SkipSpace();
            if (Next() == '}') return;
            if (_json[_at - 1] != ',') throw Wrong("after object key:value pair");
            SkipSpace();
            Next();
        }
    }

    void Array()
    {
        SkipSpace();
        if (Next() == ']') return;
        _at--;
        while (true)
        {
            Value();
            SkipSpace();
            if (Next() == ']') return;
            if (_json[_at - 1] != ',') throw Wrong("after array element");
        }
    }

    void Text()
    {
        for (var c = Next(); c != '"'; c = Next())
        {
            if (c < 0x20) throw Wrong("in string literal");
            if (c != '\\') continue;
            c = Next();
            if (c == 'u')
            {
                for (var i = 0; i < 4; i++)
                    if (!char.IsAsciiHexDigit((char)Next())) throw Wrong("in \\u hexadecimal character escape");
            }
            else if (!"\"\\/bfnrt"u8.Contains(c))
            {
                throw Wrong("in string escape code");
            }
        }
    }

    void Literal(ReadOnlySpan<byte> word)
    {
        for (var i = 1; i < word.Length; i++)
            if (Next() != word[i])
                throw Wrong($"in literal {Encoding.ASCII.GetString(word)} (expecting '{(char)word[i]}')");
    }

    void Number()
    {
        if (_json[_at - 1] == '-' && !IsDigit(Next())) throw Wrong("in numeric literal");
        if (_json[_at - 1] != '0') SkipDigits();
        if (Peek() == '.')
        {
            _at++;
            if (!IsDigit(Next())) throw Wrong("after decimal point in numeric literal");
            SkipDigits();
        }

        if (Peek() is not ('e' or 'E')) return;
        _at++;
        if (Peek() is '+' or '-') _at++;
        if (!IsDigit(Next())) throw Wrong("in exponent of numeric literal");
        SkipDigits();
    }

    byte Next() => _at < _json.Length ? _json[_at++] : throw new FormatException("unexpected EOF");

    readonly int Peek() => _at < _json.Length ? _json[_at] : -1;

    void SkipDigits()
    {
        while (Peek() is >= '0' and <= '9') _at++;
    }

    void SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n') _at++;
    }

    static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';

    readonly FormatException Wrong(string where) => new($"invalid character {Quote(_json[_at - 1])} {where}");

    static string Quote(byte c) => c switch
    {
        (byte)'\'' => @"'\''",
        (byte)'"' => "'\"'",
        (byte)'\\' => @"'\\'",
        (byte)'\n' => @"'\n'",
        (byte)'\r' => @"'\r'",
        (byte)'\t' => @"'\t'",
        < 0x20 or 0x7f => string.Create(CultureInfo.InvariantCulture, $@"'\x{c:x2}'"),
        >= 0x80 and < 0xa0 or 0xad => string.Create(CultureInfo.InvariantCulture, $@"'\u{(int)c:x4}'"),
        _ => $"'{(char)c}'",
    };
}
