namespace Ticketing.Fuzz.Tests;

/// <summary>Mutations of all headers that the code reads, and of those that often break servers.</summary>
static class HeaderMutations
{
    const int Long = 4_000, Many = 200;

    static readonly string[] Plain =
    [
        "Idempotency-Key", "If-Match", "If-None-Match", "If-Modified-Since", "Accept", "Accept-Encoding",
        "Accept-Language", "Accept-Charset", "Origin", "Referer", "Sec-Fetch-Site", "Sec-Fetch-Mode",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded",
        "Stripe-Signature", "Content-Encoding", "dapr-api-token", "dapr-caller-app-id", "dapr-callee-app-id",
        "ticketing-client-address", "ticketing-client-scheme",
        "ticketing-client-agent", "traceparent", "tracestate", "baggage", "Range", "If-Range", "Last-Event-ID",
        "X-HTTP-Method-Override", "User-Agent", "Cache-Control", "Pragma", "Prefer", "Via", "Max-Forwards",
        "Dapr-Reentrancy-Id", "X-Original-URL", "Purpose", "Sec-Purpose", "Save-Data", "Content-Language",
        "Access-Control-Request-Method", "Metadata",
    ];

    static readonly string[] Cookies =
    [
        "session", "__Host-session", "ticketing-session", "device", "__Host-device", "zone", "theme", "",
    ];

    static readonly Dictionary<string, string[]> Typed = new(StringComparer.OrdinalIgnoreCase)
    {

        [
            "If-Match"] = ["\"0\"", "*", "W/\"1\"", "\"\"", "\"1\",\"2\"", "1", "\"99999999999999999999\"", "\"1",
            "\"-1\"", "\"a\"b\"",
        ],
        ["If-None-Match"] = ["\"0\"", "*", "W/\"1\"", "\"\"", "\"1\",\"2\"", "nonsense"],

        [
            "Accept"] = ["text/html", "*/*", "text/html;q=0", "application/json", "image/png", "a/b;q=x",
            "text/html;level=1;q=1.5", ",,,", "text/event-stream", "*", "text/*;q=0.0001", "text/html;charset=\"",
        ],

        [
            "Accept-Encoding"] = ["br", "gzip, deflate, br", "identity;q=0", "*;q=0", "x", "br;q=nonsense",
            "gzip;q=1e308",
        ],

        [
            "Accept-Language"] = ["de", "../..", "*", "x-klingon", "en-US;q=0.5,", "zh-Hant-TW-u-co-stroke",
            "a-b-c-d-e-f-g-h-i-j",
        ],

        [
            "Origin"] = ["https://evil.example", "null", "http://127.0.0.1:1", "nonsense", "http://", "http://[::1",
            "file://", "http://a@b:99999",
        ],
        ["Sec-Fetch-Site"] = ["cross-site", "same-site", "same-origin", "none", "nonsense", "none, none"],

        [
            "X-Forwarded-For"] = ["127.0.0.1", "::1", "[::1]:80", "nonsense", "1.2.3.4, 5.6.7.8", "999.1.1.1",
            "fe80::1%eth0", "1.2.3.4:99999", ",", "0x7f.1",
        ],
        ["X-Forwarded-Host"] = ["evil.example", "a b", "evil.example:99999", "[", "a, b", "xn--", "a/b"],
        ["X-Forwarded-Proto"] = ["https", "javascript", "http, https", "HTTPS", "ht tp", ""],
        ["ticketing-client-address"] = ["1.2.3.4", "::1", "nonsense", "::ffff:1.2.3.4", "1"],
        ["dapr-caller-app-id"] = ["web", "orders", "tickets", "nobody", ""],
        ["dapr-api-token"] = ["guess", "", "{app-token}", "{app-token}, {app-token}"],

        [
            "traceparent"] = ["00-zz-zz-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-0000000000000000-00", "ff-1-1-1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        ],
        ["Range"] = ["bytes=0-1", "bytes=0-1,5-,-3", "bytes=-", "bytes=99999999999999999999-", "items=1", "bytes=5-1"],
        ["Content-Encoding"] = ["gzip", "br", "identity", "gzip, gzip", "nonsense", ""],
        ["If-Modified-Since"] = ["Thu, 01 Jan 1970 00:00:00 GMT", "0", "Fri, 31 Dec 9999 23:59:59 GMT", "nonsense"],

        [
            "Stripe-Signature"] = ["t=1,v1=00", "t=now,v1=x", "t=99999999999999999999,v1=x", "v1=", "t=", "t=1",
            ",=,", "{signature},v1=zz", "v0=a,{signature}",
        ],
    };

    static readonly string[] Hosts =
    [
        "evil.example", "a b", "[::1]", "[", "a:b", "a:99999", "", "é.example", "\u00ff\u00fe", "a/b", "a@b", "xn--",
        "xn--nxasmq6b", "a.example, b.example", "127.0.0.1", "*", new('h', 300),
    ];

    public static void Mutate(RequestDraft draft, Random random)
    {
        switch (random.Next(12))
        {
            case 0 or 1:
                Cookie(draft, random);
                break;
            case 2:
                Authorization(draft, random);
                break;
            case 3:
                Host(draft, random);
                break;
            case 4:
                draft.Headers.Add(random.Of(
                [
                    "Connection: keep-alive, x", "Connection: close", "Connection: upgrade\r\nUpgrade: websocket",
                    "Upgrade: h2c", "Expect: 100-continue", "TE: trailers", "Keep-Alive: timeout=0",
                ]));
                draft.Changes.Add("connection");
                break;
            case 5 when random.Chance(50):
                draft.Headers.AddRange(Enumerable.Range(0, random.Of([50, Many])).Select(i => $"X-H{i}: {i}"));
                draft.IsBrokenHttp = true;
                draft.Changes.Add("many headers");
                break;
            case 6:
                Broken(draft, random);
                break;
            case 7:
                draft.ContentType = random.Of(
                [
                    "text/plain", "application/json; charset=utf-16", "application/xml", "*/*", "nonsense", "",
                    "application/json; charset=\"", "application/json, text/plain", "application/cloudevents+json",
                    "application/json;;", "application/jsonp",
                ]);
                draft.Changes.Add("content type");
                break;
            default:
                var name = random.Of(Plain);
                draft.Set(name, random.Chance(60) && Typed.TryGetValue(name, out var typed)
                    ? random.Of(typed) : Value(random));
                draft.Changes.Add(name);
                break;
        }
    }

    // What a header may hold by HTTP's own rules: any byte but control characters. Bytes above 0x7F count as broken,
    // since servers may refuse them.
    static string Value(Random random)
    {
        var text = random.Chance(10) ? new string('h', Long) : Escapes.Wire(HostileValues.Text(random));
        var plain = string.Concat(text.Where(c => c is '\t' or >= ' ' and not '\u007f'));
        return plain.Length > 2 * Long ? plain[..Long] : plain.Trim();
    }

    static void Cookie(RequestDraft draft, Random random)
    {
        var name = random.Of(Cookies);
        var token = $"{{token:buyer:s{random.Next(9)}}}";
        var value = random.Next(9) switch
        {
            0 => "",
            1 => "a.b.c",
            2 => token[..^1] + ":cut}",
            3 => token[..^1] + ":flip}",
            4 => $"\"{token}\"",
            5 => $"{token}; {name}={token}",
            6 => "%00%0d%0a%1b",
            7 => $"%0d%0a{HostileValues.Mark}-injected:%201",
            _ => Value(random),
        };
        draft.Headers.RemoveAll(line => line.StartsWith("Authorization:", StringComparison.Ordinal) && random.Chance(70));
        draft.Set("Cookie", $"{random.Of(["", "", "a=b; ", "=; ", ";;", "$Version=1; "])}{name}={value}");
        draft.Changes.Add("cookie");
    }

    static void Authorization(RequestDraft draft, Random random)
    {
        draft.Set("Authorization", random.Next(8) switch
        {
            0 => "",
            1 => "Bearer",
            2 => "Bearer ",
            3 => "Basic YWxpY2U6c2VjcmV0",
            4 => "Bearer a.b.c",
            5 => "Bearer {token:buyer:s1:flip}",
            6 => "bearer {token:seller:s1}",
            _ => $"Bearer {Value(random)}",
        });
        draft.Changes.Add("authorization");
    }

    static void Host(RequestDraft draft, Random random)
    {
        draft.Set("Host", random.Of(Hosts));
        draft.IsBrokenHttp = true;
        draft.Changes.Add("host");
    }

    static void Broken(RequestDraft draft, Random random)
    {
        var c = (char)random.Of([0, 1, 8, 10, 11, 13, 27, 31, 127, 128, 160, 233, 255]);
        draft.Headers.Add(random.Next(6) switch
        {
            0 => "no colon",
            1 => "X-Space : a",
            2 => $"X{c}: a",
            3 => ": empty",
            4 => " folded: line",
            _ => $"{random.Of(Plain)}: a{c}b",
        });
        draft.IsBrokenHttp = true;
        draft.Changes.Add("broken header");
    }
}
