using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Conformance;

/// <summary>An app that answers by its script and remembers every request.</summary>
/// <param name="origin">Of its sidecar, which it may call while it answers.</param>
/// <param name="clock">Of the case: all that happens is timed by it.</param>
sealed class ScriptedApp(string name, int port, AppScript script, string origin, Stopwatch clock) : IAsyncDisposable
{
    static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(200);

    readonly ConcurrentQueue<Call> calls = new();
    readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    WebApplication? server;
    CancellationTokenSource alive = new();

    public AppScript Script => script;

    public IReadOnlyList<Call> Calls => [.. calls];

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = 1 << 20;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        alive = new();
        server = builder.Build();
        server.Run(HandleAsync);
        await server.StartAsync();
    }

    /// <summary>As a process that is killed: connections break, the port is closed.</summary>
    public async Task DownAsync()
    {
        if (server is null) return;
        await alive.CancelAsync();
        await server.StopAsync(new CancellationToken(canceled: true));
        await server.DisposeAsync();
        server = null;
    }

    async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var at = clock.Elapsed;
        using var body = new MemoryStream();
        var isBrokenOff = false;
        try
        {
            // Read to the end even if the client has gone.
            await request.Body.CopyToAsync(body, CancellationToken.None);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // daprd broke off in the middle of its request; what came of it is recorded nevertheless.
            isBrokenOff = true;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var call = new Call(name, request.Method, target[0], target.Length > 1 ? target[1] : "", headers, body.ToArray(), at)
        {
            IsBrokenOff = isBrokenOff,
        };
        calls.Enqueue(call);
        try
        {
            await AnswerAsync(context, script.AnswerTo(call.Verb, call.Path));
        }
        catch (OperationCanceledException) when (alive.IsCancellationRequested || context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, or the script has no reply.
        }

        call.Ended = clock.Elapsed;
    }

    async Task AnswerAsync(HttpContext context, JsonObject answer)
    {
        if (answer["delay"] is { } delay) await Task.Delay(TimeSpan.FromSeconds(delay.GetValue<double>()), alive.Token);
        if (answer["calls"] is JsonObject nested) await CallAsync(nested, context);
        if (answer["drop"] is not null)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = answer["status"]!.GetValue<int>();
        var text = answer["body"] is JsonValue { } value && value.TryGetValue<string>(out var plain) ? plain : null;
        var type = answer["type"]?.ToString()
            ?? (answer["body"] is null ? "" : text is null ? "application/json" : "text/plain; charset=utf-8");
        if (type.Length > 0) response.ContentType = type;
        foreach (var (header, is_) in answer["headers"] as JsonObject ?? []) response.Headers[header] = is_!.ToString();
        if (answer["body"] is { } body && !HttpMethods.IsHead(context.Request.Method))
            await response.WriteAsync(text is null ? Recording.Compact(body) : Repeated(text, answer), context.RequestAborted);
    }

    static string Repeated(string text, JsonObject answer) =>
        answer["times"] is { } times ? new StringBuilder().Insert(0, text, times.GetValue<int>()).ToString() : text;

    // An actor that calls itself shows whose turn it is.
    async Task CallAsync(JsonObject nested, HttpContext context)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (nested["timeout"] is { } seconds) deadline.CancelAfter(TimeSpan.FromSeconds(seconds.GetValue<double>()));
        using var request = new HttpRequestMessage(new(nested.Text("verb")), origin + nested.Text("path"));
        if (nested["body"] is { } body) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.GetValue<string>()));
        if (context.Request.Headers["Dapr-Reentrancy-Id"] is [{ } chain, ..]) request.Headers.Add("Dapr-Reentrancy-Id", chain);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // As recorded: the app gave up, and answered; not before its sidecar had noticed.
            await Task.Delay(Notice, alive.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DownAsync();
        http.Dispose();
        alive.Dispose();
    }
}

/// <param name="At">Since the case began.</param>
sealed record Call(
    string App, string Verb, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body, TimeSpan At)
{
    /// <summary>The body ended too soon, and how much of it can be read to the end is up to the server.</summary>
    public bool IsBrokenOff { get; init; }

    /// <summary>When it was answered; null: not yet.</summary>
    public TimeSpan? Ended { get; set; }
}
