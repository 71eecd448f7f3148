using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>Mutations of a body's framing (length, chunks) and of the method.</summary>
static class FramingMutations
{
    const int BodyLimit = 64 * 1024, Announced = 10 * 1024 * 1024;

    static readonly string[] Methods =
    [
        "GET", "HEAD", "OPTIONS", "TRACE", "PATCH", "PUT", "POST", "DELETE", "CONNECT", "BREW", "get", "G@T",
        "PROPFIND", "QUERY", new('A', 40),
    ];

    public static void Method(RequestDraft draft, Random random)
    {
        draft.Method = random.Of(Methods);
        draft.IsBrokenHttp |= draft.Method is "CONNECT" or "G@T";
        draft.Changes.Add("method");
    }

    public static void Mutate(RequestDraft draft, Random random)
    {
        draft.Changes.Add("framing");
        var body = draft.Body ?? draft.ToRequest().Body ?? "{}"u8.ToArray();
        draft.Headers.RemoveAll(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase));
        draft.Body = body;
        switch (random.Next(8))
        {
            case 0:
                Chunked(draft, random, body);
                break;
            case 1:
                draft.Body = [.. body, .. Enumerable.Repeat((byte)' ', BodyLimit)];
                break;
            case 2 when !draft.Route.IsGuarded && draft.Method is "POST" or "PUT":
                (draft.Body, draft.Length) = ([], Announced);
                draft.IsBrokenHttp = true;      // the announced body is never sent
                break;
            case 3:
                (draft.Length, draft.IsBrokenHttp) = (body.Length + 10, true);
                break;
            case 4:
                (draft.Length, draft.IsBrokenHttp) = (Math.Max(0, body.Length - 5), true);
                break;
            case 5:
                (draft.Length, draft.IsBrokenHttp) = (-1, true);
                draft.Headers.Add(random.Of(
                [
                    "Content-Length: -1", "Content-Length: 0x5", "Content-Length: +5",
                    "Content-Length: 99999999999999999999", "Content-Length: 1\r\nContent-Length: 2",
                    "Content-Length: 1, 1", "Content-Length:",
                ]));
                break;
            case 6:
                (draft.Length, draft.IsBrokenHttp) = (-1, true);
                draft.Headers.Add(random.Of(
                [
                    "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity",
                    "Transfer-Encoding: nonsense", "Transfer-Encoding: chunked\r\nContent-Length: 3",
                    "Transfer-Encoding:",
                ]));
                break;
            default:
                draft.Body = [];
                break;
        }
    }

    static void Chunked(RequestDraft draft, Random random, byte[] body)
    {
        var size = $"{body.Length:x}";
        var isGood = random.Chance(60);
        draft.IsBrokenHttp |= !isGood;
        var head = isGood
            ? random.Of([size, $"{size};a=b", $"0{size}", size.ToUpperInvariant()])
            : random.Of(["x", "-1", "", "ffffffffffffffff", $"{size} ", $"{size}x", $";{size}"]);
        draft.Body = [.. Encoding.ASCII.GetBytes($"{head}\r\n"), .. body,
            .. Encoding.ASCII.GetBytes($"\r\n0\r\n{random.Of(["", "", "X-Trailer: a\r\n"])}\r\n")];
        if (isGood && body.Length == 0)
            draft.Body = "0\r\n\r\n"u8.ToArray();
        draft.Length = -1;
        draft.Headers.Add("Transfer-Encoding: chunked");
    }
}
