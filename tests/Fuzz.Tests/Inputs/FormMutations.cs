using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>Mutations of a browser's form.</summary>
static class FormMutations
{
    /// <summary>More fields, longer keys and longer values than a form reader accepts.</summary>
    const int ManyFields = 1_100, LongKey = 3_000, LongValue = 60_000, LongPartHead = 17_000;
    const string Boundary = "----fuzz7MA4YWxk";

    public static string Encode(IEnumerable<(string Name, string Value)> fields) =>
        string.Join('&', fields.Select(field => $"{Escapes.Percent(field.Name)}={Escapes.Percent(field.Value)}"));

    /// <summary>The body and its content type.</summary>
    public static (byte[] Body, string Type) Mutate(List<(string Name, string Value)> fields, Random random)
    {
        for (var left = random.Of([1, 1, 2, 3]); left > 0; left--)
            Fields(fields, random);
        if (random.Chance(30))
            return Multipart(fields, random);
        var text = Encode(fields);
        text = random.Next(10) switch
        {
            0 => text.Replace('=', random.Of(['&', '%', ';', '\0'])),
            1 => text + random.Of(
            [
                "&%", "&%zz=1", "&=", "&&&&", "&a=%u0041", "&a=%ED%A0%80", "&%00=%00", "&a=%C3%28", "&a=%F8", "=",
                "&+", "&a=%",
            ]),
            2 => string.Join('&', Enumerable.Range(0, ManyFields).Select(i => $"f{i}={i}")),
            3 => $"{new string('k', LongKey)}=1&{text}",
            4 when random.Chance(30) => $"{text}&title={new string('v', LongValue)}",
            _ => text,
        };
        var bytes = Encoding.Latin1.GetBytes(text);
        return (random.Chance(20) ? JsonMutations.Bytes(bytes, random) : bytes, random.Chance(80)
            ? "application/x-www-form-urlencoded" : random.Of(Types));
    }

    static readonly string[] Types =
    [
        "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense",
        "application/x-www-form-urlencoded;charset=\"",
        "application/x-www-form-urlencoded; charset=utf-7", "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded;;;", "text/plain", "application/json",
        "multipart/form-data", "multipart/mixed; boundary=x", "nonsense", "", "a/b; c",
        "application/x-www-form-urlencoded, text/plain", "application/x-www-form-urlencoded; charset=iso-8859-1",
    ];

    static void Fields(List<(string Name, string Value)> fields, Random random)
    {
        if (fields.Count == 0)
            fields.Add(("a", "b"));
        var at = random.Next(fields.Count);
        var name = fields[at].Name;
        switch (random.Next(6))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Add((name, HostileValues.Text(random)));
                break;
            case 2:
                fields[at] = (HostileValues.Text(random), fields[at].Value);
                break;
            default:
                fields[at] = (name, name switch
                {
                    "startsAt" => random.Of(HostileValues.Moments),
                    "price" or "amount" or "offset" or "version" when random.Chance(60) =>
                        random.Of(HostileValues.Numbers),
                    _ => HostileValues.Text(random),
                });
                break;
        }
    }

    static (byte[] Body, string Type) Multipart(List<(string Name, string Value)> fields, Random random)
    {
        var parts = random.Next(8) switch
        {
            0 => Enumerable.Range(0, ManyFields).Select(i => Part($"f{i}", "1")),
            1 => fields.Select(field => Part(field.Name, field.Value))
                .Prepend(Part("x", "1", $"X-Long: {new string('h', LongPartHead)}\r\n")),
            2 =>
            [
                Part("a", "1", "Content-Type: multipart/form-data; boundary=inner\r\n"),
                "--inner\r\n\r\n1\r\n--inner--\r\n",
            ],
            3 => fields.Select(field => Part($"{field.Name}\"; filename=\"{HostileValues.Text(random)}", field.Value,
                "Content-Type: text/plain\r\n")),
            4 => [$"--{Boundary}\r\nContent-Disposition: {Escapes.Wire(HostileValues.Text(random))}\r\n\r\nx\r\n"],
            5 =>
            [
                $"--{Boundary}\r\n{random.Of(["no colon here", ": no name", "Content-Disposition", "\0: a", ""])}\r\n\r\nx\r\n",
            ],
            _ => fields.Select(field => Part(field.Name, field.Value)),
        };
        var end = random.Chance(80) ? $"--{Boundary}--\r\n" : random.Of(
        [
            "", $"--{Boundary}", $"--{Boundary}-", "\r\n--other--\r\n",
        ]);
        var bytes = Encoding.Latin1.GetBytes(string.Concat(parts) + end);
        return (random.Chance(15) ? JsonMutations.Bytes(bytes, random) : bytes, random.Next(8) switch
        {
            0 => "multipart/form-data",
            1 => "multipart/form-data; boundary=",
            2 => $"multipart/form-data; boundary={new string('b', random.Of([69, 70, 71, 128, 129, 1000]))}",
            3 => $"multipart/form-data; boundary=\"{Boundary}",
            _ => $"multipart/form-data; boundary={Boundary}",
        });
    }

    static string Part(string name, string value, string head = "") =>
        $"--{Boundary}\r\n{head}Content-Disposition: form-data; name=\"{Escapes.Wire(name)}\"\r\n\r\n"
            + $"{Escapes.Wire(value)}\r\n";
}
