using System.Buffers;
using System.Text;
using System.Text.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Json;

/// <summary>
/// Writes JSON values again the way Dapr does when it decodes them into Go values and encodes those: spaces gone,
/// keys sorted and unique (the last one counts), numbers through float64, strings escaped Go's way.
/// </summary>
static class GoValue
{
    [ThreadStatic]
    static ArrayBufferWriter<byte>? scratch;

    /// <summary>Rewrites the value that the reader stands on, and leaves the reader on its last token.</summary>
    /// <exception cref="FormatException">A number is too large for a float64; the text is Go's.</exception>
    public static byte[] Rewrite(ref Utf8JsonReader json, JsonStyle style)
    {
        var output = scratch ??= new ArrayBufferWriter<byte>(1024);
        output.ResetWrittenCount();
        Write(ref json, output, style);
        return output.WrittenSpan.ToArray();
    }

    static void Write(ref Utf8JsonReader json, ArrayBufferWriter<byte> output, JsonStyle style)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject: WriteObject(ref json, output, style); break;
            case JsonTokenType.StartArray: WriteArray(ref json, output, style); break;
            case JsonTokenType.String: WriteText(ref json, output, style); break;
            case JsonTokenType.Number: WriteNumber(json.ValueSpan, output, style); break;
            default: output.Write(json.ValueSpan); break;
        }
    }

    static void WriteNumber(ReadOnlySpan<byte> number, ArrayBufferWriter<byte> output, JsonStyle style)
    {
        if (style == JsonStyle.Precise || GoNumber.IsUnchanged(number)) output.Write(number);
        else if (GoNumber.Rewrite(number, style) is not { } text)
            throw new FormatException($"json: cannot unmarshal number {Encoding.ASCII.GetString(number)} into Go value of type float64");
        else output.Write(Encoding.ASCII.GetBytes(text));
    }

    // Most strings hold nothing that needs an escape, neither on the way in nor out: those are copied.
    static void WriteText(ref Utf8JsonReader json, ArrayBufferWriter<byte> output, JsonStyle style)
    {
        if (!json.ValueIsEscaped && IsPlain(json.ValueSpan))
        {
            output.Write("\""u8);
            output.Write(json.ValueSpan);
            output.Write("\""u8);
            return;
        }

        new GoJsonWriter(output, escapeHtml: style != JsonStyle.Fast).Text(TextOf(ref json));
    }

    static readonly SearchValues<byte> NeedsCare = SearchValues.Create("<>&"u8);

    static bool IsPlain(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) < 0 && text.IndexOfAny(NeedsCare) < 0;

    static void WriteArray(ref Utf8JsonReader json, ArrayBufferWriter<byte> output, JsonStyle style)
    {
        output.Write("["u8);
        for (var isFirst = true; json.Read() && json.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            if (!isFirst) output.Write(","u8);
            Write(ref json, output, style);
        }

        output.Write("]"u8);
    }

    // Members are written as they come; only if that was not their order are they put in order afterwards.
    static void WriteObject(ref Utf8JsonReader json, ArrayBufferWriter<byte> output, JsonStyle style)
    {
        var start = output.WrittenCount;
        var members = new List<Member>();
        var inOrder = true;
        output.Write("{"u8);
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (members.Count > 0) output.Write(","u8);
            var name = TextOf(ref json);
            inOrder &= members.Count == 0 || Compare(members[^1].Name, name) < 0;
            var at = output.WrittenCount;
            WriteText(ref json, output, style);
            output.Write(":"u8);
            json.Read();
            Write(ref json, output, style);
            members.Add(new Member(name, at - start, output.WrittenCount - at));
        }

        output.Write("}"u8);
        if (!inOrder) Sort(output, start, members);
    }

    static void Sort(ArrayBufferWriter<byte> output, int start, List<Member> members)
    {
        var unsorted = output.WrittenSpan[start..].ToArray();
        var last = new SortedDictionary<string, Member>(Comparer<string>.Create(Compare));
        foreach (var member in members) last[member.Name] = member;
        Rewind(output, start);
        output.Write("{"u8);
        var isFirst = true;
        foreach (var member in last.Values)
        {
            if (!isFirst) output.Write(","u8);
            output.Write(unsorted.AsSpan(member.Start, member.Length));
            isFirst = false;
        }

        output.Write("}"u8);
    }

    static void Rewind(ArrayBufferWriter<byte> output, int count)
    {
        var kept = output.WrittenSpan[..count].ToArray();
        output.ResetWrittenCount();
        output.Write(kept);
    }

    // By code points, as Go compares UTF-8 bytes; ordinal comparison of UTF-16 differs above the surrogates.
    static int Compare(string a, string b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (a[i] == b[i]) continue;
            return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i] - b[i] : char.IsSurrogate(a[i]) ? 1 : -1;
        }

        return a.Length - b.Length;
    }

    /// <summary>
    /// The text of a string or name; what is not Unicode becomes the replacement character, as in Go.
    /// </summary>
    public static string TextOf(ref Utf8JsonReader json)
    {
        if (!json.ValueIsEscaped) return Encoding.UTF8.GetString(json.ValueSpan);
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return LoneSurrogates.Unescape(json.ValueSpan);
        }
    }

    readonly record struct Member(string Name, int Start, int Length);
}
