using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Common;
using Ticketing.Run.Pages;
using Ticketing.Sidecar;

namespace Ticketing.Run.Tests;

/// <summary>The flow page over HTTP, with steps reported as sidecars report them.</summary>
public sealed class FlowServerTests : IAsyncLifetime
{
    static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly FlowFeed feed = new();
    readonly StepRing ring = new();
    readonly CancellationTokenSource stop = new();
    Task collecting = Task.CompletedTask;
    FlowServer server = null!;
    HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        collecting = FlowCollector.Run(feed, ring, stop.Token);
        server = await FlowServer.Start(ring, 0, new("http://localhost:8080"), NullLoggerFactory.Instance, TimeProvider.System, Ct);
        http = new() { BaseAddress = server.Address };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        await stop.CancelAsync();
        await collecting;
    }

    [Fact]
    public async Task What_sidecars_report_is_on_the_page()
    {
        await Report(Order(FlowKind.Published, "orders"), Order(FlowKind.Failed, "tickets", "503"),
            Order(FlowKind.FalselyAcknowledged, "expiration", "chaos"));
        var page = await http.GetStringAsync("/flow?subject=abc-1", Ct);
        Assert.Contains("order.created", page, StringComparison.Ordinal);
        Assert.Contains("failed: 503", page, StringComparison.Ordinal);
        Assert.Contains("acknowledged, never delivered", page, StringComparison.Ordinal);
        Assert.DoesNotContain("applied</span>", page[page.IndexOf("<tbody", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/flow", "text/html; charset=utf-8")]
    [InlineData("/flow/live", "text/event-stream")]
    public async Task The_page_and_its_stream_have_a_head(string path, string type)
    {
        using var head = await http.SendAsync(new(HttpMethod.Head, path), Ct);
        Assert.Equal((HttpStatusCode.OK, type), (head.StatusCode, head.Content.Headers.ContentType?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Ct));
    }

    [Fact]
    public async Task News_are_told_within_a_second_and_only_to_whom_they_matter()
    {
        using var mine = await Listen("?subject=abc-1");
        using var others = await Listen("?subject=xyz");

        feed.Report(Order(FlowKind.Published, "orders"));

        Assert.Equal("event: news", await Next(mine).WaitAsync(TimeSpan.FromSeconds(1), Ct));
        var silent = Next(others);
        feed.Report(Order(FlowKind.Published, "tickets") with { Subject = "xyz" });
        Assert.Equal("event: news", await silent.WaitAsync(TimeSpan.FromSeconds(1), Ct));
        Assert.Equal(2, ring.Count);   // the first step was not sent to the other stream: it would have come before
    }

    [Fact]
    public async Task Nothing_from_elsewhere_and_nothing_inline_is_allowed_on_it()
    {
        using var answer = await http.GetAsync(new Uri("/flow", UriKind.Relative), Ct);
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(Ct);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        foreach (var file in page.Split('"').Where(text => text.StartsWith("/flow/files/", StringComparison.Ordinal)))
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(file, UriKind.Relative), Ct)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "OK", false)]
    [InlineData("GET", "NotFound", false)]
    [InlineData("GET", "ServiceUnavailable", true)]
    [InlineData("GET", "connection refused", true)]
    [InlineData("POST", "Created", true)]
    public async Task Questions_that_were_answered_do_not_push_the_events_out(string method, string outcome, bool isKept)
    {
        await Report(
            Order(FlowKind.Published, "orders"),
            Order(FlowKind.Invoked, "web", outcome) with { Topic = "orders", Type = method, Subject = "api/orders/abc-1?x" },
            Order(FlowKind.Published, "orders"));
        Assert.Equal(isKept, ring.All().Any(step => step is { Kind: StepKind.Called, Subject: "api/orders/abc-1" }));
    }

    [Fact]
    public void Every_kind_of_step_has_a_place_on_the_page() =>
        Assert.All(Enum.GetValues<FlowKind>(), kind => FlowCollector.Translate(Order(kind, "orders")));

    static FlowStep Order(FlowKind kind, string app, string outcome = "") => new(
        Noon, kind, app, "pubsub", "orders", "orders:abc-1:3", "order.created", "abc-1", 1, outcome, 1.5,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    /// <summary>Returns once the steps are in the ring; the last one must not be one that is filtered out.</summary>
    async Task Report(params FlowStep[] steps)
    {
        var last = steps[^1] with { EventId = "orders:abc-1:last" };
        foreach (var step in steps.SkipLast(1).Append(last)) feed.Report(step);
        for (var known = 0L; ring.All().All(step => step.EventId != last.EventId); known = ring.Count)
            await ring.WaitBeyond(known, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
    }

    async Task<StreamReader> Listen(string query)
    {
        var reader = new StreamReader(await http.GetStreamAsync(new Uri($"/flow/live{query}", UriKind.Relative), Ct));
        Assert.Equal("event: hello", await Next(reader));
        return reader;
    }

    static async Task<string> Next(StreamReader reader)
    {
        while (true)
            if (await reader.ReadLineAsync(Ct) is { } line && line.StartsWith("event:", StringComparison.Ordinal)) return line;
    }
}
