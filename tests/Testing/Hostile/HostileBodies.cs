using System.IO.Compression;
using System.Text;
using static Ticketing.Testing.Verdict;

namespace Ticketing.Testing;

/// <summary>G1–G20, G22–G24: wrong JSON bodies and wrong values in them.</summary>
static class HostileBodies
{
    const int BodyLimit = 64 * 1024;

    public static IEnumerable<HostileInput> Of(HostileRoute route, RawRequest good) => route.Body is null
        ? []
        : [.. Syntax(route, good), .. Envelope(good), .. route.Texts.SelectMany(text => Texts(route, good, text)),
            .. route.Numbers.SelectMany(number => Numbers(route, good, number)), .. Extras(route, good)];

    static IEnumerable<HostileInput> Syntax(HostileRoute route, RawRequest good)
    {
        HostileInput Of(string name, byte[] body, Verdict verdict = Refused) =>
            new(name, verdict, good with { Body = body });
        var body = good.Body!;
        yield return Of("G1 empty body", []);
        foreach (var other in (string[])["null", "[]", "[{}]", "\"text\"", "5", "true", "   "])
            yield return Of($"G2/G3 {other} for an object", Encoding.UTF8.GetBytes(other));
        yield return Of("G4 last byte missing", body[..^1]);
        yield return Of("G4 half of it", body[..(body.Length / 2)]);
        yield return Of("G5 trailing garbage", [.. body, .. "x"u8]);
        yield return Of("G5 the object twice", [.. body, .. body]);
        foreach (var (member, value) in route.Members)
            yield return Of($"G6 {member} twice", route.BodyAnd($"\"{member}\":{value?.ToJsonString() ?? "null"}"));
        yield return Of("G7 10 000 deep", Encoding.UTF8.GetBytes(new string('[', 10_000)));
        yield return Of("G7 10 000 deep in an unknown member",
            route.BodyAnd($"\"deep\":{new string('[', 10_000)}{new string(']', 10_000)}"));
        yield return Of("G13 invalid UTF-8", [.. body[..^1], 0xC3, 0x28, (byte)'}']);
        yield return Of("G14 UTF-8 with a byte order mark", [.. Encoding.UTF8.Preamble, .. body], Harmless);
        yield return Of("G14 UTF-16", Encoding.Unicode.GetBytes(route.Body!));
        yield return Of("G4 single quotes", Encoding.UTF8.GetBytes(route.Body!.Replace('"', '\'')));
        yield return Of("G4 a comment", [.. "/* */"u8, .. body]);
        yield return Of("G4 a trailing comma", [.. body[..^1], .. ",}"u8]);
    }

    static IEnumerable<HostileInput> Envelope(RawRequest good)
    {
        yield return new("G8 10 MB announced", Refused, good with { Length = 10 * 1024 * 1024 });
        yield return new("G8 more than the limit", TurnedAway,
            good with { Body = [.. good.Body!, .. new byte[BodyLimit]] });
        yield return new("G9 no content type", Refused, good.Without("Content-Type"));
        foreach (var type in (string[])["text/plain", "text/html", "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=utf-16", "application/jsonp", "application/xml", "*/*", "nonsense"])
            yield return new($"G9/G10 {type}", Refused, good.With($"Content-Type: {type}"));
        yield return new("G11 a gzip bomb", Refused, (good with { Body = Bomb() }).With("Content-Encoding: gzip"));
        yield return new("G11 says br", Refused, good.With("Content-Encoding: br"));
        yield return new("G12 chunked and a length", Harmless,
            (good with { Body = Chunked(good.Body!) }).With("Transfer-Encoding: chunked"));
        yield return new("G12 two lengths", TurnedAway, good.With("Content-Length: 1"));
        yield return new("G12 chunks of no size", TurnedAway,
            (good with { Length = -1 }).With("Transfer-Encoding: chunked"));
        yield return new("G12 an unknown encoding", TurnedAway,
            (good with { Length = -1 }).With("Transfer-Encoding: gzip"));
        yield return new("G32 hangs up in the middle", TurnedAway,
            good with { Length = good.Body!.Length + 10, HangUp = true });
    }

    static IEnumerable<HostileInput> Texts(HostileRoute route, RawRequest good, string member)
    {
        HostileInput Of(string name, string raw, Verdict verdict) =>
            new($"{name} in {member}", verdict, good with { Body = route.BodyWith(member, raw) });
        yield return Of("G13 lone surrogate", "\"\\ud800\"", Refused);
        var invalid = route.BodyWith(member, "\"a\u0001bcdefghi\"");
        invalid[Array.IndexOf(invalid, (byte)1)] = 0xFF;
        yield return new($"G13 invalid UTF-8 in {member}", Refused, good with { Body = invalid });
        yield return Of("G15 NUL", "\"a\\u0000b\"", Refused);
        yield return Of("G15 leading NUL", "\"\\u0000abcdefgh\"", Refused);
        yield return Of("G15 backspace", "\"a\\bcdefghij\"", Refused);
        yield return Of("G15 escape", "\"\\u001b[31mred\"", Refused);
        yield return Of("G15 raw control character", "\"a\u0001bcdefghi\"", Refused);
        yield return Of("G16 bidi override", "\"\u202egpj.exe\"", Harmless);
        yield return Of("G16 zero width", "\"a\u200bb\u200dc\ufeffd\"", Harmless);
        yield return Of("G16 homoglyphs", "\"раураl аdmin\"", Harmless);
        if (!route.Unbounded.Contains(member))
            yield return Of("G17 60 KB", $"\"{new string('a', 60_000)}\"", Refused);
        foreach (var other in (string[])["5", "true", "{}", "[]", "[\"a\"]", "1e308"])
            yield return Of($"G19 {other}", other, Refused);
        yield return Of("G19 null", "null", Harmless);
        yield return Of("G3 empty", "\"\"", Harmless);
        foreach (var text in (string[])["<script>alert(1)</script>", "{{7*7}}${7*7}", "' OR 1=1 --", "$where",
            "a\\r\\nSet-Cookie: injected=1",
            "../../etc/passwd", "%00", "=1+1", "a||b", "__proto__", "NaN", "0000-00-00T24:00:00+14:01",
            "9999-12-31T23:59:60Z"])
            yield return Of($"G23/G24 {text}", $"\"{text}\"", Harmless);
    }

    static IEnumerable<HostileInput> Numbers(HostileRoute route, RawRequest good, string member)
    {
        HostileInput Of(string name, string raw, Verdict verdict) =>
            new($"{name} in {member}", verdict, good with { Body = route.BodyWith(member, raw) });
        foreach (var number in (string[])["-1", "0", "-9223372036854775808", "9223372036854775808", "1e308", "1e-5",
            "0.30000000000000004",
            "45.505", "NaN", "Infinity", "0x10", "01", "1_000", "--1"])
            yield return Of($"G18/G20 {number}", number, Refused);
        foreach (var number in (string[])["2147483648", "9223372036854775807", "1E2", "-0"])
            yield return Of($"G18 {number}", number, Harmless);
        foreach (var other in (string[])["\"5\"", "true", "{}", "[]", "[5]"])
            yield return Of($"G19 {other}", other, Refused);
        yield return Of("G19 null", "null", Harmless);
    }

    static IEnumerable<HostileInput> Extras(HostileRoute route, RawRequest good)
    {
        foreach (var extra in (string[])["\"status\":\"complete\"", "\"userId\":\"mallory\"",
            "\"sellerId\":\"mallory\"", "\"version\":99",
            "\"isAdmin\":true", "\"expiresAt\":\"2099-01-01T00:00:00Z\"", "\"amount\":1", "\"__proto__\":{\"a\":1}",
            "\"\":null"])
            yield return new($"G22 {extra}", Harmless, good with { Body = route.BodyAnd(extra) });
    }

    static byte[] Chunked(byte[] body) =>
        [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

    static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(new byte[10 * 1024 * 1024]);
        return packed.ToArray();
    }
}
