using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>What an app received, body as sent.</summary>
sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>An app that subscribes as told, keeps everything it receives, and answers as told.</summary>
sealed class RecordingApp : IAsyncDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    readonly ConcurrentQueue<Received> _received = new();
    WebApplication _server = null!;

    public int Port { get; private set; }

    /// <summary>By path; a path without an entry is answered with an empty 200.</summary>
    public ConcurrentDictionary<string, Func<HttpContext, Task>> Answers { get; } = new();

    public bool IsHealthy { get; set; } = true;

    /// <summary>Instead of an answer to <c>GET /dapr/subscribe</c>, the connection ends.</summary>
    public bool BreaksOffWhenAsked { get; set; }

    public IReadOnlyList<Received> All => [.. _received];

    /// <param name="subscriptions">The answer to <c>GET /dapr/subscribe</c>.</param>
    public static async Task<RecordingApp> StartAsync(string subscriptions, int port = 0)
    {
        var app = new RecordingApp();
        await app.ListenAsync(subscriptions, port);
        return app;
    }

    /// <summary>One subscription per topic, to <c>/t/{topic}</c>.</summary>
    public static Task<RecordingApp> OfTopicsAsync(string pubSub, params string[] topics) =>
        StartAsync(Subscriptions(pubSub, "", topics));

    public static string Subscriptions(string pubSub, string extra, params string[] topics) =>
        "[" + string.Join(',', topics.Select(topic =>
            $$"""{"pubsubname":"{{pubSub}}","topic":"{{topic}}","route":"/t/{{topic}}"{{extra}}}""")) + "]";

    async Task ListenAsync(string subscriptions, int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        _server = builder.Build();
        _server.Run(http => http.Request.Path.Value switch
        {
            "/dapr/subscribe" when BreaksOffWhenAsked => BreakOff(http),
            "/dapr/subscribe" => http.Response.WriteAsync(subscriptions),
            "/healthz" => Task.FromResult(http.Response.StatusCode = IsHealthy ? 204 : 500),
            var path when path!.StartsWith("/dapr/", StringComparison.Ordinal) =>
                Task.FromResult(http.Response.StatusCode = 404),
            var path => ReceiveAsync(http, path!),
        });
        await _server.StartAsync();
        Port = new Uri(_server.Urls.First()).Port;
    }

    static Task BreakOff(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    async Task ReceiveAsync(HttpContext http, string path)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString());
        http.Items["body"] = body;
        _received.Enqueue(new(path, headers, body));
        if (Answers.TryGetValue(path, out var answer)) await answer(http);
    }

    public void Answer(string path, int status, string body = "") => Answers[path] = http =>
    {
        http.Response.StatusCode = status;
        return body.Length == 0 ? Task.CompletedTask : http.Response.WriteAsync(body);
    };

    public IReadOnlyList<Received> At(string path) => [.. _received.Where(received => received.Path == path)];

    /// <summary>Waits until so many have come to a path, and takes them.</summary>
    public async Task<IReadOnlyList<Received>> WaitForAsync(string path, int count = 1)
    {
        await Eventually.Is(
            () => At(path).Count >= count, Deadline, () => $"{At(path).Count} of {count} came to {path}");
        return At(path);
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();
}
