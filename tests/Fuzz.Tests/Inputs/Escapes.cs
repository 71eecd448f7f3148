using System.Globalization;
using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>Encodes a text in the different forms used on the wire.</summary>
static class Escapes
{
    /// <summary>UTF-8; an unpaired surrogate becomes three bytes that no decoder may accept.</summary>
    public static byte[] Utf8(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i++, 2)));
            else if (char.IsSurrogate(c))
                bytes.AddRange([(byte)(0xE0 | c >> 12), (byte)(0x80 | c >> 6 & 0x3F), (byte)(0x80 | c & 0x3F)]);
            else
                bytes.AddRange(Encoding.UTF8.GetBytes([c]));
        }
        return [.. bytes];
    }

    /// <summary>The bytes, one character each, as header lines and addresses are stored until they are sent.</summary>
    public static string Wire(string text) => Encoding.Latin1.GetString(Utf8(text));

    /// <summary>Percent-encodes all but letters and digits, or only what must be encoded.</summary>
    public static string Percent(string text, bool all = true)
    {
        var encoded = new StringBuilder();
        foreach (var b in Utf8(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_'
                || !all && b is > 0x20 and < 0x7F and not (byte)'&' and not (byte)'#' and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }

    /// <summary>As a JSON string; an unpaired surrogate as its escape.</summary>
    public static string Json(string text)
    {
        var written = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                written.Append('\\').Append(c);
            else if (c < ' ' || char.IsSurrogate(c))
                written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                written.Append(c);
        }
        return written.Append('"').ToString();
    }

    /// <summary>For reports, to read and to paste: everything but plain ASCII as <c>\xNN</c>.</summary>
    public static string Shown(ReadOnlySpan<byte> bytes, int max)
    {
        var shown = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, max)])
        {
            if (b == '\n')
                shown.Append("\\n\n");
            else if (b == '\r')
                shown.Append("\\r");
            else if (b is >= 0x20 and < 0x7F and not (byte)'\\')
                shown.Append((char)b);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return bytes.Length > max ? $"{shown}… ({bytes.Length} bytes)" : shown.ToString();
    }
}
