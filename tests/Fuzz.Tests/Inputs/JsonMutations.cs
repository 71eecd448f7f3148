using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>Mutations of a valid JSON body: of its values, its structure and its bytes.</summary>
static class JsonMutations
{
    const int DeepMax = 10_000, BigBytes = 70_000;

    static readonly string[] OtherTypes =
        ["null", "true", "false", "5", "\"\"", "\"5\"", "{}", "[]", "[null]", "{\"a\":1}", "[[]]", "1e308", "NaN"];

    static readonly string[] Extras =
    [
        "\"status\"", "\"userId\"", "\"sellerId\"", "\"version\"", "\"isAdmin\"", "\"id\"", "\"__proto__\"", "\"\"",
        "\"$type\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"TITLE\"", "\"Data\"", "\"data\"",
    ];

    public static byte[] Mutate(Node json, Random random)
    {
        for (var left = random.Of([1, 1, 1, 2, 3]); left > 0; left--)
            Structure(json, random);
        var bytes = Escapes.Utf8(json.ToString());
        return random.Chance(25) ? Bytes(bytes, random) : bytes;
    }

    static void Structure(Node json, Random random)
    {
        var (name, node) = random.Of([.. json.All()]);
        var isNumber = node.Raw is ['-' or (>= '0' and <= '9'), ..];
        var owners = json.All().Select(one => one.Node).Where(one => one.Members is { Count: > 0 }).ToList();
        var owner = owners.Count > 0 ? random.Of(owners) : json;
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when isNumber:
                node.Become(random.Of(HostileValues.Numbers));
                break;
            case 0 or 1 or 2 or 3 when node.Members is null && node.Items is null:
                node.Become(Escapes.Json(IsMoment(name) && random.Chance(70)
                    ? random.Of(HostileValues.Moments) : HostileValues.Text(random)));
                break;
            case 4 or 5:
                node.Become(random.Of(OtherTypes));
                break;
            case 6 when owner.Members is { Count: > 0 } members:
                members.RemoveAt(random.Next(members.Count));
                break;
            case 7 when owner.Members is { Count: > 0 } members:
                members.Add(random.Of(members));
                break;
            case 8 when owner.Members is { Count: > 0 } members:
                members.Insert(random.Next(members.Count + 1),
                    (random.Of(Extras), new() { Raw = random.Chance(50) ? random.Of(OtherTypes) : Deep(random) }));
                break;
            case 9 when owner.Members is { Count: > 0 } members:
                var at = random.Next(members.Count);
                members[at] = (Escapes.Json(random.Chance(50)
                    ? members[at].Name.Trim('"').ToUpperInvariant() : HostileValues.Text(random)), members[at].Value);
                break;
            case 10:
                node.Become(Deep(random));
                break;
            default:
                node.Become(Escapes.Json(HostileValues.Text(random)));
                break;
        }
    }

    static bool IsMoment(string name) => name.EndsWith("At", StringComparison.Ordinal)
        || name.EndsWith("Until", StringComparison.Ordinal) || name is "until" or "time";

    static string Deep(Random random)
    {
        var depth = random.Of([5, 15, 16, 17, 64, 65, 200, DeepMax]);
        return random.Chance(50)
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    /// <summary>Mutations of the bytes, regardless of their meaning.</summary>
    public static byte[] Bytes(byte[] body, Random random)
    {
        if (body.Length == 0)
            return random.Chance(50) ? [(byte)random.Next(256)] : body;
        var at = random.Next(body.Length);
        return random.Next(12) switch
        {
            0 => [],
            1 or 2 => body[..at],
            3 => [.. body[..at], (byte)random.Next(256), .. body[(at + 1)..]],
            4 => [.. body[..at], random.Of<byte>([0xFF, 0xC3, 0x80, 0xED, 0, 0xF8, 1, 0x1B]), .. body[at..]],
            5 => [.. body, .. body],
            6 => [.. body, .. "x"u8],
            7 => [.. Encoding.UTF8.Preamble, .. body],
            8 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body)),
            9 => [.. "/* */"u8, .. body],
            10 => [.. body, .. Enumerable.Repeat((byte)' ', random.Chance(20) ? BigBytes : 100)],
            _ => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace('"', '\'')),
        };
    }
}
