using static Ticketing.Testing.Verdict;

namespace Ticketing.Testing;

/// <summary>G21, G25–G30, G33, G37: addresses, methods and headers.</summary>
static class HostileProtocol
{
    public static IEnumerable<HostileInput> Of(HostileRoute route, RawRequest good) =>
        [.. Ids(route, good), .. Addresses(route, good), .. Methods(good), .. Headers(good)];

    static IEnumerable<HostileInput> Ids(HostileRoute route, RawRequest good)
    {
        if (route.Id is not { } id)
            yield break;
        RawRequest At(string other) => good with { Target = route.Path.Replace(id, other, StringComparison.Ordinal) };
        foreach (var other in (string[])["..", "%2e%2e", "%2e%2e%2f", "a%7Cb", "a%7C%7Cb", "@", "%23", "%3F", "%20",
            "%0a", "%25", "*", "-", "-1",
            "0", "null", "undefined", "%F0%9F%8E%AB", "%c3%28", "user:x", "journal:0", "a-01", "a-+1", "a-0",
            "a-99999999999", "a-b",
            new('a', 41), new('a', 2_000), id.ToUpperInvariant() + "A", "A" + id, id + "-1-1", id + "%00", id + "x",
            id + "|", id + ".json", id + "%2f"])
            yield return new($"G21 id {other[..Math.Min(20, other.Length)]}", TurnedAway, At(other));
        yield return new("G21 no id", Harmless, At(""));
        yield return new("G21 10 KB id", TurnedAway, At(new('a', 10_000)));
    }

    static IEnumerable<HostileInput> Addresses(HostileRoute route, RawRequest good)
    {
        RawRequest At(string target) => good with { Target = target };
        yield return new("G25 a parameter twice", Harmless, At(route.Path + "?limit=1&limit=2&after=a&after=b"));
        foreach (var query in (string[])["limit=-1", "limit=1000000", "limit=abc", "limit=", "after=%00", "after=../..",
            "sort=passwordHash",
            "q=%27%20OR%201%3D1", "q=%00", "maxPrice=1e308", "=", "&&&", "%", "a[b]=c"])
            yield return new($"G25 ?{query}", TurnedAwayUnless(query), At($"{route.Path}?{query}"));
        yield return new("G25 a thousand parameters", Harmless,
            At($"{route.Path}?{string.Join('&', Enumerable.Range(0, 1000).Select(i => $"p{i}"))}"));
        yield return new("G27 //", TurnedAway, At("/" + route.Path));
        yield return new("G27 ;x=1", TurnedAway, At(route.Path + ";x=1"));
        yield return new("G27 a dot at the end", TurnedAway, At(route.Path + "."));
        yield return new("G27 an encoded slash", TurnedAway,
            At(route.Path.Replace("/api/", "/api%2f", StringComparison.Ordinal)));
        yield return new("G27 a backslash", TurnedAway,
            At(route.Path.Replace("/api/", "/api\\", StringComparison.Ordinal)));
        yield return new("G27 NUL", TurnedAway, At(route.Path + "%00"));
        yield return new("G27 out and in again", Harmless, At("/events/.." + route.Path));
        yield return new("G27 an absolute address", Harmless, At("http://evil.example" + route.Path));
    }

    // No query may cause a 5xx; whether it is refused depends on the route.
    static Verdict TurnedAwayUnless(string query) => query.Length > 0 ? Harmless : TurnedAway;

    static IEnumerable<HostileInput> Methods(RawRequest good)
    {
        foreach (var method in (string[])["TRACE", "PATCH", "BREW", "PROPFIND", "CONNECT", "G@T",
            new('A', 100)])
            yield return new($"G26 {method}", TurnedAway,
                (good with { Method = method, Body = null }).Without("Content-Type"));
        // A route that answers GET also answers HEAD; both change nothing.
        yield return new("G26 HEAD", Harmless, (good with { Method = "HEAD", Body = null }).Without("Content-Type"));
        foreach (var method in (string[])["DELETE", "PUT", "GET"])
            yield return new($"G26 override {method}", Harmless,
                good.With($"X-HTTP-Method-Override: {method}", $"X-Method-Override: {method}"));
    }

    static IEnumerable<HostileInput> Headers(RawRequest good)
    {
        yield return new("G28 another host", Harmless, good.With("Host: evil.example"));
        yield return new("G28 no host", TurnedAway, good.With("Host: (none)"));
        yield return new("G28 two hosts", TurnedAway,
            good with { Headers = [.. good.Headers, "Host: a.example", "Host: b.example"] });
        yield return new("G28 a strange host", TurnedAway, good.With("Host: a b@c"));
        yield return new("G28 forged proxies", Harmless,
            good.With("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: javascript",
                "X-Forwarded-For: 127.0.0.1, nonsense", "Forwarded: for=127.0.0.1;host=evil.example",
                "X-Original-URL: /events/tickets"));
        yield return new("G29 200 headers", TurnedAway,
            good.With([.. Enumerable.Range(0, 200).Select(i => $"X-Header-{i}: {i}")]));
        yield return new("G29 64 KB header", TurnedAway, good.With($"X-Large: {new string('a', 65_536)}"));
        yield return new("G29 a line feed in a header", TurnedAway, good.With("X-Line: a\nSet-Cookie: injected=1"));
        yield return new("G29 a header without a colon", TurnedAway,
            good with { Headers = [.. good.Headers, "nonsense"] });
        yield return new("G29 a space before the colon", TurnedAway,
            good with { Headers = [.. good.Headers, "X-Space : a"] });
        yield return new("G30 the sidecar's headers", Harmless,
            good.With("dapr-api-token: guess", "dapr-caller-app-id: web",
            "dapr-callee-app-id: tickets", "Dapr-Reentrancy-Id: 1", "ticketing-client-address: 1.2.3.4",
            "ticketing-client-scheme: https", "ticketing-client-agent: evil.example"));
        foreach (var tag in (string[])["nonsense", "\"0\"", "*", "W/\"1\"", "\"\"", $"\"{new string('9', 4000)}\"",
            "\"1\",\"2\""])
            yield return new($"G33 If-Match {tag[..Math.Min(12, tag.Length)]}", Harmless,
                good.With($"If-Match: {tag}", $"If-None-Match: {tag}"));
        yield return new("G33 ranges", Harmless, good.With("Range: bytes=0-1,5-,-3", "If-Range: x"));
        yield return new("G37 a long idempotency key", Harmless, good.With($"Idempotency-Key: {new string('k', 256)}"));
        yield return new("G37 an odd idempotency key", Harmless, good.With("Idempotency-Key: a||b/../\u00e9"));
        yield return new("G33 wants nothing we have", Harmless,
            good.With("Accept: image/png", "Accept-Encoding: x", "Accept-Language: ../.."));
        yield return new("G33 a broken trace", Harmless,
            good.With("traceparent: 00-zz-zz-01", $"tracestate: {new string('t', 2000)}", "baggage: ,,,=;"));
        yield return new("G33 expects the impossible", TurnedAway, good.With("Expect: 200-maybe", "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA") with
        { HangUp = true });
    }
}
