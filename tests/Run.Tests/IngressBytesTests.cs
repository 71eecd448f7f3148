using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Ticketing.Ingress;

namespace Ticketing.Run.Tests;

/// <summary>Requests written byte by byte, which a well-behaved client would not send to the ingress.</summary>
public sealed class IngressBytesTests : IAsyncLifetime
{
    const string Next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    readonly List<string> reached = [];
    Backend backend = null!;
    WebApplication ingress = null!;
    Uri address = null!;

    public async ValueTask InitializeAsync()
    {
        backend = await Backend.Start("any", async context =>
        {
            lock (reached)
                reached.Add($"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Cookie}");
            if (context.Request.Path == "/early")
            {
                context.Response.StatusCode = 401;
                return;
            }
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await context.Response.WriteAsync($"{body.Length}");
        });
        string[] services = ["auth", "tickets", "orders", "payments", "web"];
        ingress = Server.Build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            $"--Ingress:Manifest={Repository.At("k8s/base/ingress.yaml")}",
            .. services.Select(name => $"--Ingress:Services:{name}={backend.Address}")]);
        await ingress.StartAsync();
        address = new(ingress.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        await ingress.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Theory]
    [InlineData("80000000")]
    [InlineData("ffffffffffffffff")]
    [InlineData("zz")]
    public async Task A_chunk_of_no_size_is_refused(string size)
    {
        var request = new RawRequest("POST", "/signin") { Length = -1, Body = Encoding.ASCII.GetBytes($"{size}\r\nab") };
        var answer = await request.With("Transfer-Encoding: chunked").Send(address);
        Assert.True(answer.Status is 400 or 413, $"{answer}");
    }

    [Fact]
    public async Task A_request_for_another_protocol_keeps_its_method()
    {
        await new RawRequest("DELETE", "/api/tickets/a").With("Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Connection: Upgrade").Send(address);
        Assert.StartsWith("DELETE ", Assert.Single(reached), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xn--")]
    [InlineData("a:99999")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_host_that_stands_in_no_address_is_refused_and_nothing_is_forwarded(string host)
    {
        var answer = await new RawRequest("GET", "/").With($"Host: {host}").Send(address);
        Assert.True(answer.Status == 400, $"{answer}");
        Assert.Empty(reached);
    }

    [Fact]
    public async Task A_control_character_in_a_header_or_in_the_address_is_refused_and_nothing_is_forwarded()
    {
        var controls = Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c);
        foreach (var c in controls.Where(c => c is not '\t'))
        {
            foreach (var request in (RawRequest[])[
                new RawRequest("GET", "/").With($"Cookie: session=a{c}b"), new RawRequest("GET", "/").With($"X-Any: a{c}b"),
                new RawRequest("GET", "/").With($"X-A{c}ny: ab"), new RawRequest("GET", $"/a{c}b"),
                new RawRequest("GET", $"/?a={c}")])
            {
                var answer = await request.Send(address);
                Assert.True(answer.Status is 400 or 0 or 505, $"{(int)c}: {answer}");
            }
        }
        Assert.Empty(reached);
    }

    [Fact]
    public async Task A_byte_beyond_ascii_passes_as_it_is()
    {
        foreach (var text in (string[])["\u00e9", "\u00c3\u00a9", "\u00ff", "\u0080", "\u00f0\u009f\u008e\u00ab"])
        {
            foreach (var header in (string[])[$"Cookie: a={text}; session=b", $"X-Any: {text}", $"Referer: {text}",
                $"tracestate: a={text}", $"baggage: a={text}", $"User-Agent: {text}"])
            {
                var answer = await new RawRequest("GET", "/").With(header).Send(address);
                Assert.True(answer.Status is 200 or 400, $"{header}: {answer}");    // 400: from the service itself
            }
        }
    }

    [Theory]
    [InlineData("POST /api/tickets", 70 * 1024, 413)]
    [InlineData("POST /api/tickets", 10 * 1024 * 1024, 413)]
    [InlineData("POST /events/orders", 1024, 404)]
    [InlineData("POST /early", 60 * 1024, 401)]
    [InlineData("POST /api/tickets", 60 * 1024, 200)]
    public async Task After_an_early_answer_the_next_is_answered_or_the_connection_said_that_it_ends(
        string target, int bytes, int status)
    {
        foreach (var isChunked in (bool[])[false, true])
        {
            using var connection = await RawConnection.To(address);
            var body = new string('x', Math.Min(bytes, 70 * 1024));
            await connection.Send($"{target} HTTP/1.1\r\nHost: a\r\n{(isChunked ? Chunked(body)
                : $"Content-Length: {bytes}\r\n\r\n{body}")}{(bytes == body.Length ? Next : "")}");
            var first = await connection.Receive();
            Assert.Equal(status, first.Status);
            if (first.Head.Contains("Connection: close", StringComparison.Ordinal))
                continue;
            Assert.Equal(200, (await connection.Receive()).Status);
        }
    }

    [Fact]
    public async Task Half_a_body_that_turns_out_too_large_reaches_nobody()
    {
        using var connection = await RawConnection.To(address);
        await connection.Send($"POST /api/tickets HTTP/1.1\r\nHost: a\r\n{Chunked(new('x', 70 * 1024))}");
        Assert.Equal(413, (await connection.Receive()).Status);
        Assert.Empty(reached);
    }

    [Fact]
    public async Task A_connect_is_refused() =>
        Assert.Equal(405, (await new RawRequest("CONNECT", "a.example:443").With("Host: a.example:443").Send(address)).Status);

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 404)]
    [InlineData("/anything", 200)]
    public async Task Head_is_get_without_a_body(string path, int status)
    {
        using var connection = await RawConnection.To(address);
        await connection.Send($"HEAD {path} HTTP/1.1\r\nHost: a\r\n\r\n{Next}");
        Assert.Equal(status, (await connection.Receive(isHead: true)).Status);
        Assert.Equal(200, (await connection.Receive()).Status);
    }

    static string Chunked(string body)
    {
        var text = new StringBuilder("Transfer-Encoding: chunked\r\n\r\n");
        foreach (var part in body.Chunk(4_000))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{part.Length:x}\r\n").Append(part).Append("\r\n");
        return text.Append("0\r\n\r\n").ToString();
    }
}
