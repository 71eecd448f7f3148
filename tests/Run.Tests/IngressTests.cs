using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Ingress;

namespace Ticketing.Run.Tests;

public sealed class IngressTests : IAsyncDisposable
{
    /// <summary>Stripe's events may be larger than other bodies.</summary>
    const string Tickets = "/api/tickets", Events = "/api/payments/webhooks/stripe";

    readonly List<IAsyncDisposable> started = [];
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var part in started.AsEnumerable().Reverse()) await part.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/users/me", "auth")]
    [InlineData("/api/tickets", "tickets")]
    [InlineData("/api/tickets/live", "tickets")]
    [InlineData("/api/orders/a-1/timeline", "orders")]
    [InlineData("/api/payments/webhooks/stripe", "payments")]
    [InlineData("/api/ticketsx", "web")]
    [InlineData("/problems/ticket-locked", "web")]
    [InlineData("/", "web")]
    public async Task A_path_reaches_the_service_of_the_manifest(string path, string service)
    {
        var shop = await Ingress();
        Assert.StartsWith($"{service} {path} 0", await shop.GetStringAsync(path, Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/flow", "flow")]
    [InlineData("/flow/live", "flow")]
    [InlineData("/flows", "web")]
    public async Task What_is_only_on_this_machine_has_a_path_more(string path, string service)
    {
        var shop = await Ingress(extra: [$"--Ingress:Extra:flow={(await Start("flow")).Address}"]);
        Assert.StartsWith($"{service} {path} 0", await shop.GetStringAsync(path, Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_cluster_there_is_no_such_path()
    {
        var shop = await Ingress();
        Assert.StartsWith("web /flow 0", await shop.GetStringAsync("/flow", Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dapr/subscribe")]
    [InlineData("/dapr/config")]
    [InlineData("/actors/ExpirationActor/x/method/remind/deadline")]
    [InlineData("/events/orders")]
    [InlineData("/EVENTS/orders")]
    [InlineData("/%65vents/orders")]
    [InlineData("/api/tickets/../../events/orders")]
    [InlineData("/internal/dead-letters")]
    [InlineData("/health/ready")]
    [InlineData("/healthz")]
    public async Task What_only_a_sidecar_may_call_is_not_there(string path)
    {
        var shop = await Ingress();
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var address = new Uri(shop.BaseAddress!.ToString().TrimEnd('/') + path, asWritten);
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        var answer = await shop.SendAsync(request, Ct);
        await AssertProblem(answer, HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Headers_that_only_a_proxy_or_a_sidecar_may_set_are_not_taken_from_a_stranger()
    {
        var shop = await Ingress();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/orders");
        foreach (var header in new[] { "dapr-api-token", "Dapr-Caller-App-Id", "X-Forwarded-For", "X-Forwarded-Host",
                     "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-Anything", "Forwarded" })
            request.Headers.TryAddWithoutValidation(header, "forged");
        request.Headers.TryAddWithoutValidation("X-Harmless", "kept");

        var seen = await (await shop.SendAsync(request, Ct)).Content.ReadAsStringAsync(Ct);

        Assert.DoesNotContain("forged", seen, StringComparison.Ordinal);
        Assert.Contains("X-Harmless: kept", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 127.0.0.1", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: http", seen, StringComparison.Ordinal);
        Assert.Contains($"Host: {shop.BaseAddress!.Authority}", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [InlineData(false, Events, 1024 * 1024)]
    [InlineData(true, Events, 1024 * 1024)]
    public async Task A_body_over_64_KB_is_refused(bool chunked, string path = Tickets, int limit = 64 * 1024)
    {
        var shop = await Ingress();
        using var request = Post(limit + 1, chunked, path);
        await AssertProblem(await shop.SendAsync(request, Ct), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Theory]
    [InlineData(false, 64 * 1024)]
    [InlineData(true, 63 * 1024)]   // the limit counts the framing of chunks too
    [InlineData(false, 1024 * 1024, Events)]
    [InlineData(true, 1000 * 1024, Events)]
    public async Task A_body_within_64_KB_passes(bool chunked, int bytes, string path = Tickets)
    {
        var shop = await Ingress();
        using var request = Post(bytes, chunked, path);
        var answer = await shop.SendAsync(request, Ct);
        var told = await answer.Content.ReadAsStringAsync(Ct);
        Assert.StartsWith($"{path.Split('/')[2]} {path} {bytes}", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_passes_as_it_is_written()
    {
        var next = new SemaphoreSlim(0);
        var shop = await Ingress(tickets: await Start("tickets", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var line in new[] { "data: 1", "data: 2" })
            {
                await context.Response.WriteAsync($"{line}\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted);
            }
        }));

        using var reader = new StreamReader(await shop.GetStreamAsync("/api/tickets/live", Ct));
        Assert.Equal("data: 1", await reader.ReadLineAsync(Ct));   // and the second is not written yet
        next.Release();
        Assert.Equal("data: 2", await reader.ReadLineAsync(Ct));
        next.Release();
    }

    [Fact]
    public async Task A_service_that_is_away_is_told_as_such()
    {
        var away = await Start("tickets");
        var shop = await Ingress(tickets: away, extra: ["--Logging:LogLevel:Ticketing.Ingress=Warning"]);
        var lines = new LogLines();
        started.OfType<WebApplication>().Last().Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await away.DisposeAsync();

        var answer = await shop.GetAsync("/api/tickets", Ct);

        await AssertProblem(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        Assert.StartsWith("web", await shop.GetStringAsync("/", Ct), StringComparison.Ordinal);
        Assert.StartsWith("Warning Ticketing.Ingress: GET /api/tickets: no complete answer from tickets: Connection refused",
            Assert.Single(lines.All), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "text/html,application/xhtml+xml,*/*;q=0.8", "goes on by itself")]
    [InlineData("POST", "text/html", "nothing is done twice")]   // the form is not sent again automatically
    public async Task A_person_whose_page_is_away_is_told_on_a_page(string method, string accept, string words)
    {
        var away = await Start("tickets");
        var shop = await Ingress(tickets: away);
        await away.DisposeAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/tickets");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        var answer = await shop.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        var page = await answer.Content.ReadAsStringAsync(Ct);
        Assert.Contains("money are safe", page, StringComparison.Ordinal);
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.Equal(method == "GET", page.Contains("<script>", StringComparison.Ordinal));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);   // it loads nothing from elsewhere
    }

    [Fact]
    public async Task A_program_that_wants_no_page_gets_none()
    {
        var away = await Start("tickets");
        var shop = await Ingress(tickets: away);
        await away.DisposeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/tickets");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/html;q=0");
        await AssertProblem(await shop.SendAsync(request, Ct), HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Fact]
    public async Task A_service_that_hangs_up_is_told_as_away()
    {
        var shop = await Ingress(tickets: await Start("tickets", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        }));
        await AssertProblem(await shop.GetAsync("/api/tickets", Ct), HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Fact]
    public async Task A_replica_that_is_away_costs_nobody_an_error()
    {
        var (away, there) = (await Start("away"), await Start("there"));
        var shop = await Ingress(tickets: away, second: there);
        await away.DisposeAsync();

        for (var i = 0; i < 10; i++)
        {
            using var request = Post(10, chunked: false);
            request.Headers.ConnectionClose = true;
            var answer = await shop.SendAsync(request, Ct);
            Assert.StartsWith("there", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_answer_of_a_service_is_passed_on_whatever_it_says()
    {
        var shop = await Ingress(tickets: await Start("tickets", context =>
        {
            context.Response.StatusCode = 418;
            return context.Response.WriteAsync("own words");
        }));
        var answer = await shop.GetAsync("/api/tickets", Ct);
        Assert.Equal(418, (int)answer.StatusCode);
        Assert.Equal("own words", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public void A_service_without_an_address_is_named()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() =>
            Server.Build([$"--Ingress:Manifest={Repository.At("k8s/base/ingress.yaml")}"]));
        Assert.Contains("Ingress:Services:auth", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Ingress\nspec: { rules: [\nother: x\n", "line 2: what is opened here is not closed")]
    [InlineData("kind: Ingress\nspec:\n  rules: none\n", "line 3: ")]
    public void A_manifest_that_is_not_YAML_is_named_with_its_line(string yaml, string named)
    {
        var manifest = Path.GetTempFileName();
        File.WriteAllText(manifest, yaml);
        var refusal = Assert.Throws<InvalidDataException>(() => Server.Build([$"--Ingress:Manifest={manifest}"]));
        Assert.StartsWith($"{manifest}, {named}", refusal.Message, StringComparison.Ordinal);
        File.Delete(manifest);
    }

    async Task<Backend> Start(string name, RequestDelegate? answer = null)
    {
        var backend = await Backend.Start(name, answer);
        started.Add(backend);
        return backend;
    }

    async Task<HttpClient> Ingress(Backend? tickets = null, Backend? second = null, string[]? extra = null)
    {
        tickets ??= await Start("tickets");
        var others = new List<string>();
        foreach (var name in new[] { "auth", "orders", "payments", "web" })
            others.Add($"--Ingress:Services:{name}={(await Start(name)).Address}");
        var app = Server.Build(
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            $"--Ingress:Manifest={Repository.At("k8s/base/ingress.yaml")}",
            $"--Ingress:Services:tickets={tickets.Address} {second?.Address}", .. others, .. extra ?? [],
        ]);
        await app.StartAsync(Ct);
        started.Add(app);
        return new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    static HttpRequestMessage Post(int bytes, bool chunked, string path = Tickets)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(new string('x', bytes), Encoding.UTF8),
        };
        request.Headers.TransferEncodingChunked = chunked;
        return request;
    }

    static async Task AssertProblem(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct)).RootElement;
        Assert.Equal($"/problems/{code}", problem.GetProperty("type").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
    }
}
