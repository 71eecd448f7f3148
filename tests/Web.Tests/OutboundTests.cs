using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Ticketing.Testing;

namespace Ticketing.Web.Tests;

/// <summary>
/// Sends every control character in every input of the site, and checks the bytes that then go to the sidecar: a
/// request that is smuggled there would have the app's own rights.
/// </summary>
public sealed partial class OutboundTests
{
    const int AtOnce = 8;
    static readonly int[] Controls = [.. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7F, 0x21)];
    static readonly string[] Injections =
    [
        "\r\n\r\nGET /v1.0/invoke/auth/method/injected HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nX-Injected: 1", "\nX-Injected: 1",
        "\rX-Injected: 1", "\u0085X-Injected: 1", "\0",
    ];
    static readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Authorization", "Cookie", "Content-Type", "Content-Length", "Transfer-Encoding", "Idempotency-Key",
        "If-Match", "dapr-api-token", "User-Agent", "traceparent", "tracestate",
        "ticketing-client-address", "ticketing-client-scheme", "ticketing-client-agent",
    };

    static readonly string[] Queries =
    [
        "/?q=#", "/?max=#", "/?from=#", "/?sort=#", "/?after=#", "/?#=1", "/signin?to=#", "/signup?to=#", "/orders?after=#",
        "/listings?after=#", "/orders/t1-1?paying=#", "/console?subject=#", "/console/letters?said=#", "/tickets/#",
        "/tickets/t1#", "/tickets/#/edit", "/orders/#", "/orders/t1-1#/checkout", "/problems/#", "/docs/#", "/docs/#.json",
        "/files/#/app.css",
    ];

    static readonly (string Path, string Form)[] Forms =
    [
        ("/signin", "email=a%40example.com&password=long+enough&to=%2F"),
        ("/signup", "email=a%40example.com&password=long+enough&to=%2F"),
        ("/sell", "title=a&price=1&currency=usd&venue=b&startsAt=2031-01-01T20%3A00&timeZone=UTC&seat=c&once=d&offset=60"),
        ("/tickets/t1/edit", "title=a&price=1&currency=usd&venue=b&startsAt=2031-01-01T20%3A00&seat=c&version=3&timeZone=UTC&offset=60"),
        ("/tickets/t1/purchase", "expectedTerms=1&seen=a"),
        ("/orders/t1-1/refund-request", "reason=a"),
    ];

    static readonly string[] Headers =
    [
        "Authorization: Bearer ", "Cookie: ticketing-session=", "Cookie: ticketing-device=", "Cookie: __Host-session=",
        "Cookie: __Host-device=", "Cookie: session=", "Cookie: other=", "Accept: ", "Accept-Encoding: ",
        "User-Agent: ", "X-Forwarded-For: ", "X-Forwarded-Host: ", "X-Forwarded-Proto: ", "Idempotency-Key: ", "If-Match: ",
        "If-None-Match: ", "traceparent: ", "tracestate: a=", "baggage: a=", "Correlation-Context: a=", "Request-Id: ",
        "ticketing-client-address: ", "Content-Language: ", "Range: ",
    ];

    [Fact]
    public async Task No_control_character_leaves_the_process_and_none_is_a_failure()
    {
        IReadOnlyCollection<string> sent;
        var faults = new List<string>();
        await using (var sidecar = new RecordingSidecar())
        {
            var requests = Controls.Select(c => $"x{(char)c}y").Concat(Injections.Select(text => $"x{text}"))
                .SelectMany(Of).ToList();
            await using (var web = await Start(sidecar))
            {
                var token = TestSessions.Token(Site.Buyer, web.Clock.GetUtcNow());
                await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                    async (request, _) =>
                    {
                        var answer = await request.Signed(token).Send(web.Address);
                        // 505: a line break in the address left a request line without a version.
                        if (answer.Status is < 500 or 505 && !answer.Head.Contains("Injected", StringComparison.OrdinalIgnoreCase))
                            return;
                        lock (faults)
                            faults.Add($"{request.Request.Method} {request.Request.Target} "
                                + $"{string.Join(" | ", request.Request.Headers)}: {answer}");
                    });
            }
            await sidecar.DisposeAsync();
            sent = sidecar.Connections;
        }
        Assert.Empty(faults.Take(20));
        Assert.Empty(sent.Select(FaultOf).OfType<string>().Take(20));
        // Every form and every page that makes calls did reach the sidecar.
        foreach (var path in (string[])["auth/method/api/users/signin", "auth/method/api/users/signup",
            "tickets/method/api/tickets HTTP", "tickets/method/api/tickets/t1", "orders/method/api/orders HTTP",
            "orders/method/api/orders/t1-1/refund-request"])
            Assert.Contains(sent, text => text.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_travels_and_what_is_none_does_not()
    {
        await using var sidecar = new RecordingSidecar();
        await using (var web = await Start(sidecar))
        {
            var token = TestSessions.Token(Site.Buyer, web.Clock.GetUtcNow());
            string[] cookies =
            [
                $"ticketing-session={token}", $"a=\u00e9; ticketing-session={token}; ticketing-device={token}",
                "ticketing-session=%0A; ticketing-device=a.b", $"ticketing-session=nonsense; ticketing-session={token}",
                $"ticketing-session={new string('a', 5000)}.b.c",
            ];
            foreach (var cookie in cookies)
            {
                var answer = await new RawRequest("GET", "/").With($"Cookie: {cookie}").Send(web.Address);
                Assert.True(answer.Status == 200, $"{cookie}: {answer}");
            }
        }
        await sidecar.DisposeAsync();
        var asked = sidecar.Connections.Where(text => text.Contains("/api/tickets", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, asked.Count);
        Assert.Equal(3, asked.Count(text => text.Contains("Authorization: Bearer ey", StringComparison.Ordinal)));
        Assert.Single(asked, text => text.Contains("Cookie: ticketing-device=ey", StringComparison.Ordinal));
    }

    static Task<ServiceHost> Start(RecordingSidecar sidecar) => ServiceHost.Start(WebApp.Build, builder =>
        builder.Configuration.AddInMemoryCollection([new("DAPR_HTTP_ENDPOINT", sidecar.Address)]), args: $"--contentRoot={Repository.At("services/Web")}");

    static IEnumerable<SignedRequest> Of(string value)
    {
        var encoded = string.Concat(
            Encoding.Latin1.GetBytes(value).Select(b => string.Create(CultureInfo.InvariantCulture, $"%{b:X2}")));
        foreach (var hidden in (string[])[encoded, value])
        {
            foreach (var query in Queries)
                yield return new(new("GET", query.Replace("#", hidden, StringComparison.Ordinal)));
            foreach (var header in Headers)
                yield return new(new RawRequest("GET", "/orders").With(header + hidden));
            foreach (var (path, form) in Forms)
            {
                foreach (var field in form.Split('&'))
                    yield return new(Post(path, form.Replace(field, $"{field.Split('=')[0]}={hidden}", StringComparison.Ordinal)));
                yield return new(Post(path, form).With($"Content-Type: application/x-www-form-urlencoded; charset={hidden}"));
                yield return new(Post(path, form).With($"Content-Type: multipart/form-data; boundary={hidden}"));
            }
        }
    }

    static RawRequest Post(string path, string form) => new RawRequest("POST", path) { Body = Encoding.Latin1.GetBytes(form) }
        .With("Content-Type: application/x-www-form-urlencoded");

    static string? FaultOf(string sent)
    {
        if (sent.Length == 0)
            return null;    // a connection that was opened in advance and never used
        var end = RecordingSidecar.EndOf(sent);
        if (end != sent.Length)
            return $"more than one request: {sent}";
        var lines = sent[..sent.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        if (!RequestLine().IsMatch(lines[0]))
            return $"a request line: {lines[0]}";
        return lines.Skip(1).FirstOrDefault(line => !HeaderLine().IsMatch(line) || !known.Contains(line.Split(':')[0]))
            is { } odd ? $"a header: {odd}" : null;
    }

    [GeneratedRegex(@"\A(GET|POST|PUT|DELETE) /v1\.0/invoke/(auth|tickets|orders|payments|expiration)/method/[!-~]* HTTP/1\.1\z")]
    private static partial Regex RequestLine();

    [GeneratedRegex(@"\A[A-Za-z-]+: [ -~]*\z")]
    private static partial Regex HeaderLine();

    /// <summary>A request of a signed-in user, unless it has its own session.</summary>
    sealed record SignedRequest(RawRequest Request)
    {
        public RawRequest Signed(string token) => Request.Headers.Any(header =>
                header.StartsWith("Authorization", StringComparison.Ordinal)
                || header.Contains("session=", StringComparison.Ordinal))
            ? Request : Request.With($"Authorization: Bearer {token}");
    }
}
