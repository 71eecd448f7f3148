namespace Ticketing.Fuzz.Tests;

/// <summary>Mutations of the address: invalid ids, encodings, double slashes, "..", queries of every kind.</summary>
static class TargetMutations
{
    const int ManyParameters = 1_100;

    static readonly string[] Ids =
    [
        "..", "%2e%2e", "%2e%2e%2f", "a%7Cb", "@", "%23", "%3F", "%20", "%0a", "%0d%0a", "%25", "*", "-", "-1", "0",
        "null", "undefined", "%F0%9F%8E%AB", "%c3%28",
        "%ED%A0%80", "%C0%AF", "%00", "a%00b", "user:x", "journal:0", "a-01", "a-+1", "a-0", "a-99999999999",
        "a-999999999", "a-b", "A-1", "%", "%zz", "%u0041", ";x=1", "a;x", "a.json",
        "a%2fb", "a%5cb", "%E2%80%AE", "%EF%BB%BF", "%F4%90%80%80", "con", "a..b", "~", "$", "'", "%22",
        "%3Cscript%3E", "[x]", "{id}", "a b", "é", "\u00ff\u00fe",
    ];

    static readonly string[] Queries =
    [
        "%", "%zz", "a=%ED%A0%80", "%00=%00", "=", "&&&", "?", "a[b]=c", "a=1;b=2", "limit=1&limit=2", "limit=1e308",
        "limit=-1", "limit=", "limit", "limit=%D9%A3", "limit=0x5", "limit=+5", "limit=%205",
        "after=%00", "after=../..", "after=-9223372036854775808", "after=AAAA", "q=%C3%28", "q=%ED%A0%80",
        "q=%F0%9F%8E%AB", "q=%E2%80%AE", "maxPrice=1e308", "maxPrice=-0", "maxPrice=NaN",
        "notBefore=0001-01-01T00:00:00%2B14:00", "notBefore=9999-12-31T23:59:59-12:00", "from=0001-01-01",
        "from=9999-12-31", "sort=passwordHash", "sort=price&sort=date", "to=//evil.example", "to=%2F%5Cevil.example",
        $"to=/%0d%0a{HostileValues.Mark}-injected:1", "to=/%E2%80%A8", "to=/é", "to=/%ED%A0%80", "paying=yes",
        "said=%3Cscript%3E", "trace=00-zz", "subject=%00", "max=1e308", "max=%E2%88%925", "a#b",
    ];

    public static void Mutate(RequestDraft draft, Random random)
    {
        switch (random.Next(draft.Filled.Count > 0 ? 10 : 6))
        {
            case 0:
                draft.QueryRest += (draft.Query.Count > 0 ? "&" : "") + random.Of(Queries);
                draft.Changes.Add("query");
                break;
            case 1 or 2:
                Parameter(draft, random);
                break;
            case 3 when random.Chance(30):
                draft.QueryRest += string.Join('&', Enumerable.Range(0, ManyParameters).Select(i => $"p{i}"));
                draft.Changes.Add("many parameters");
                break;
            case 3 or 4:
                draft.Query.Add((random.Of(Names), HostileValues.Text(random)));
                draft.Changes.Add("another parameter");
                break;
            case 5:
                Shape(draft, random);
                break;
            default:
                var value = random.Chance(60)
                    ? random.Of(Ids)
                    : Escapes.Percent(HostileValues.Text(random), random.Chance(70));
                draft.Path[random.Of(draft.Filled)] = Escapes.Wire(value);
                draft.Changes.Add("id");
                break;
        }
    }

    static readonly string[] Names =
    [
        "q", "maxPrice", "notBefore", "sort", "limit", "after", "max", "from", "to", "of", "said", "show", "subject",
        "trace", "type",
        "app", "outcome", "paying", "currency", "id", "", "a\0",
    ];

    static void Parameter(RequestDraft draft, Random random)
    {
        if (draft.Query.Count == 0)
            draft.Query.Add((random.Of(Names), ""));
        var at = random.Next(draft.Query.Count);
        var name = draft.Query[at].Name;
        if (random.Chance(15))
            draft.Query.Add((name, HostileValues.Text(random)));
        else
            draft.Query[at] = (name, random.Next(3) switch
            {
                0 => random.Of(HostileValues.Numbers),
                1 when name is "notBefore" or "from" => random.Of(HostileValues.Moments),
                _ => HostileValues.Text(random),
            });
        draft.Changes.Add($"?{name}");
    }

    static void Shape(RequestDraft draft, Random random)
    {
        var path = "/" + string.Join('/', draft.Path);
        draft.Target = random.Next(16) switch
        {
            0 => "/" + path,
            1 => path + "/",
            2 => path + ";x=1",
            3 => path + ".",
            4 => path + "%00",
            5 => path.Replace("/", "%2f", StringComparison.Ordinal),
            6 => path.Replace("/", "\\", StringComparison.Ordinal),
            7 => "/a/.." + path,
            8 => "/%2e%2e" + path,
            9 => "http://evil.example" + path,
            10 => path.ToUpperInvariant(),
            11 => path + "?" + new string('q', random.Of([2_000, 7_000, 9_000])),
            12 => path + "/" + string.Join('/', Enumerable.Repeat("a", 300)),
            13 => path + "#fragment",
            14 => random.Of(["*", "", "x", "//", "/%", "/\u00ff", "/ x", "http://", "a:b@c"]),
            _ => path + "?" + random.Of(Queries),
        };
        draft.IsBrokenHttp |= draft.Target.Length == 0 || draft.Target.Any(c => c is <= ' ' or >= '\u007f')
            || draft.Target[0] != '/' || draft.Target.Contains('#') || draft.Target.Length > 8_000;
        draft.Changes.Add("shape of the address");
    }
}
