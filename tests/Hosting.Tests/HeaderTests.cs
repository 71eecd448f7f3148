using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Incoming headers with any bytes in them, and outgoing headers.</summary>
public sealed class HeaderTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task A_byte_beyond_ascii_is_no_reason_to_refuse()
    {
        foreach (var header in (string[])["Cookie: a=\u00e9", "Cookie: a=\u00c3\u00a9\u00ff\u0080", "X-Any: \u00ff",
            "Referer: /\u00e9",
            "User-Agent: \u00f0\u009f\u008e\u00ab", "tracestate: a=\u00e9", "Accept: \u00e9", "If-None-Match: \u00e9"])
        {
            var answer = await new RawRequest("GET", "/api/notes/maybe").With(header).Send(fixture.Host.Address);
            Assert.True(answer.Status == 200, $"{header}: {answer}");
        }
    }

    [Theory]
    [InlineData(Trace, "a=b", Trace, "a=b")]
    [InlineData(Trace, "a=\u00e9", Trace, null)]
    [InlineData(Trace, "a=\u0001", Trace, null)]
    [InlineData("\u00e9", "a=b", null, null)]
    [InlineData("x\u0001", null, null, null)]
    [InlineData(null, "a=b", null, null)]
    public void A_trace_is_taken_in_its_form_only(string? id, string? state, string? takenId, string? takenState)
    {
        var headers = new TraceHeaders(DistributedContextPropagator.CreateW3CPropagator());
        headers.ExtractTraceIdAndState(null, Get, out var traceId, out var traceState);
        Assert.Equal((takenId, takenState), (traceId, traceState));
        Assert.Null(headers.ExtractBaggage(null, Get));

        void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
            (value, values) = (name switch { "traceparent" => id, "tracestate" => state, _ => "a=b" }, null);
    }

    [Fact]
    public async Task Nothing_is_sent_with_a_control_character_in_a_header_or_in_the_target()
    {
        for (var c = '\0'; c <= '\u00ff'; c++)
        {
            if (c is >= ' ' and <= '~')
                continue;
            var text = $"a{c}b";
            Assert.False(await IsSent(request => request.Headers.TryAddWithoutValidation("X-Any", text)), $"{(int)c}");
            Assert.False(await IsSent(request => request.Headers.TryAddWithoutValidation("X-Any", ["good", text])),
                $"{(int)c}");
            Assert.False(await IsSent(request => request.Content!.Headers.TryAddWithoutValidation("X-Any", text)),
                $"{(int)c}");
            Assert.False(await IsSent(request => request.RequestUri = new($"http://a/{text}", new UriCreationOptions
            {
                DangerousDisablePathAndQueryCanonicalization = true,
            })), $"{(int)c}");
        }
        Assert.True(await IsSent(request => request.Headers.TryAddWithoutValidation("X-Any", "a b~!")));
    }

    static async Task<bool> IsSent(Action<HttpRequestMessage> spoil)
    {
        var sent = false;
        using var client = new HttpMessageInvoker(new SafeHeaders(NullLogger<SafeHeaders>.Instance)
        {
            InnerHandler = new CallbackHandler(() => sent = true),
        });
        using var request =
            new HttpRequestMessage(HttpMethod.Post, "http://a/b?c=d") { Content = new StringContent("x") };
        spoil(request);
        if (await Record.ExceptionAsync(() => client.SendAsync(request, default)) is { } refused)
            Assert.IsType<HttpRequestException>(refused);
        return sent;
    }

    sealed class CallbackHandler(Action take) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            take();
            return Task.FromResult(new HttpResponseMessage());
        }
    }
}
