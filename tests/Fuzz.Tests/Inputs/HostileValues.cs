using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>Values that are known to break programs.</summary>
static class HostileValues
{
    /// <summary>A marker in every text that must not be returned in a header.</summary>
    public const string Mark = "zq7x";

    const int SomeLong = 300, VeryLong = 60_000;

    /// <summary>Texts; an unpaired surrogate is encoded as the place it is sent in allows.</summary>
    public static readonly IReadOnlyList<string> Texts =
    [
        "", " ", "\t", "\n", "\r\n", "\0", "a\0b", "\u0001", "a\bb", "\u001b[31mred", "\u007f", "\u0085", "\u00a0",
        "\u2028", "\u2029",
        "\ud800", "a\udc00b", "\ud83d", "\udfff\ud800", "\ufffe", "\uffff", "\ufeff", "\ufffd", "\ue000",
        "\U000E0001", "\U0010FFFF",
        "\u202egpj.exe", "\u2066evil\u2069", "\u200f\u200e", "\u061c", "ירושלים", "العربية", "שלום hello مرحبا",
        "👩‍👩‍👧", "🏳️‍🌈", "🇩🇪🇺🇸", "🎫", "1️⃣", "e\u0301\u0301\u0301", "Z\u0351\u036b\u0343\u036a\u0302\u036b", "ﷺ", "ﬁ",
        "İ", "ı", "ß", "ſ", "Ǆ",
        "раураl аdmin", "Ａda", "٣", "９", "²", "½", "−5", "+5", " 5", "5 ", "5.", ".5", "5,0", "1_000", "1 000",
        "0x10", "010", "1e3",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}${7*7}", "' OR 1=1 --", "%s%n%x",
        "$where", "=1+1",
        "../../etc/passwd", @"..\..\windows", "/", "//evil.example/", @"/\evil.example", "/\tevil",
        "javascript:alert(1)", "%00", "%0d%0a",
        $"\r\n{Mark}-injected: 1", $"\n{Mark}-injected: 1", $"%0d%0a{Mark}-injected:%201", $"a\u2028{Mark}",
        $"{Mark}; Path=/", "a;b=c,d", "\"", "\\", "'", "`",
        "null", "undefined", "NaN", "true", "[]", "{}", "[object Object]", "__proto__", "constructor", "a||b",
        "journal:0", "a-1", "a-0", "-1", "-", "--", "*", ".", "..",
        "W/\"1\"", "\"1\"", "\"1\",\"2\"", "\"", "usd", "USD", "xxx", "us", "open", "newest", "2031-05-01", "a@b",
        "a@b.c", "@", "ada@example.com", "ada@exa mple.com", "\"a b\"@example.com",
    ];

    /// <summary>Times, most of them invalid, and the smallest and largest valid ones.</summary>
    public static readonly IReadOnlyList<string> Moments =
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00", "0001-01-01T00:00:00-12:00",
        "0000-00-00T00:00:00Z", "0000-01-01",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59", "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:60Z", "10000-01-01T00:00:00Z",
        "2031-05-01T20:00:00Z", "2031-05-01T20:00:00+02:00", "2031-05-01T20:00", "2031-05-01 20:00", "2031-05-01",
        "2031-02-30T20:00:00Z", "2031-05-01T24:00:00Z",
        "2031-05-01T20:00:00+14:01", "2031-05-01T20:00:00+99:99", "2031-05-01T20:00:00-00:00", "2031-05-01t20:00:00z",
        "2031-W18-4", "2031-121", "12/31/2031", "10:00",
        "1969-12-31T23:59:59Z", "-0001-01-01T00:00:00Z", "+275760-09-13T00:00:00.000Z",
        "2031-05-01T20:00:00.1234567890123Z", "1e10", "-62135596800", "253402300799",
        "soon", "now", "٢٠٣١-٠٥-٠١", "2031-05-01T20:00:00Z\0", "2031-05-01T20:00:00 Z", "2031-5-1T1:2:3Z",
        "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "2031-03-30T02:30",
    ];

    /// <summary>Numbers as they are written into JSON or into an address.</summary>
    public static readonly IReadOnlyList<string> Numbers =
    [
        "0", "-0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "1e308", "1e309", "-1e308", "1e-308", "1e-5", "1E2", "1e2", "1.0", "45.505", "0.1",
        "0.30000000000000004", "1000000000", "1000000001", "99999999999999999999999999",
        "NaN", "Infinity", "-Infinity", "0x10", "01", "1_000", "--1", "+1", "1.", ".5", "1e", "- 1", "", "101", "100",
        "-100", "4294967296", new('9', SomeLong), "1e" + new string('9', 20),
    ];

    /// <summary>A text, sometimes a time, a number or a very long text.</summary>
    public static string Text(Random random) => random.Next(20) switch
    {
        0 or 1 => random.Of(Moments),
        2 or 3 => random.Of(Numbers),
        4 => new string('a', random.Of([39, 40, 41, 128, 129, 199, 200, 201, 254, 255, 256, 500, 501, 4096])),
        5 => string.Concat(Enumerable.Repeat(random.Of(Texts), random.Next(2, 40))),
        6 => Letters(random),
        8 => random.Of(Texts) + Mark,
        7 when random.Chance(10) => new string('x', VeryLong),
        _ => random.Of(Texts),
    };

    /// <summary>Any characters of the basic plane, unpaired surrogates too.</summary>
    static string Letters(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 20); left > 0; left--)
            text.Append((char)random.Next(random.Of([128, 256, 0x3000, 0x10000])));
        return text.ToString();
    }
}
