using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests;

/// <summary>An app that answers as it is told and remembers what it was asked.</summary>
sealed class ScriptedApp : IAsyncDisposable
{
    readonly ConcurrentQueue<Received> _received = new();
    readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();
    readonly Stopwatch _watch = Stopwatch.StartNew();
    WebApplication? _server;

    ScriptedApp(int port) => Port = port;

    public int Port { get; }

    public IReadOnlyList<Received> Received => [.. _received];

    /// <param name="config">What it answers to <c>GET /dapr/config</c>; null: 404.</param>
    public static async Task<ScriptedApp> StartAsync(string? config = null)
    {
        var app = new ScriptedApp(AnyPort.Next());
        if (config is not null) app.On("/dapr/config", config);
        await app.UpAsync();
        return app;
    }

    /// <summary>Answers 200 with this text at this path (as it is on the wire, without a query).</summary>
    public void On(string path, string body, int status = 200, params (string Name, string Value)[] headers) =>
        On(path, http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = "application/json";
            foreach (var (name, value) in headers) http.Response.Headers.Append(name, value);
            return status == 204 ? Task.CompletedTask : http.Response.WriteAsync(body);
        });

    public void On(string path, RequestDelegate answer) => _answers[path] = answer;

    public IReadOnlyList<Received> At(string path) => [.. _received.Where(request => request.Path == path)];

    /// <summary>Waits until so many requests came to a path.</summary>
    public async Task<IReadOnlyList<Received>> WaitForAsync(string path, int count)
    {
        await Eventually.Is(() => At(path).Count >= count, $"{count} requests at {path}");
        return At(path);
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, Port);
        });
        _server = builder.Build();
        _server.Run(HandleAsync);
        await _server.StartAsync();
    }

    /// <summary>As a process that was killed: connections break, the port is closed.</summary>
    public async Task DownAsync()
    {
        if (_server is null) return;
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _server = null;
    }

    public ValueTask DisposeAsync() => new(DownAsync());

    async Task HandleAsync(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new Received(http.Request.Method, path, http.Request.QueryString.Value ?? "", headers, body.ToArray(), _watch.Elapsed));
        if (_answers.TryGetValue(path, out var answer)) await answer(http);
        else if (!path.StartsWith("/actors/", StringComparison.Ordinal)) http.Response.StatusCode = 404;
    }
}

/// <param name="At">Since the app was made.</param>
sealed record Received(
    string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body, TimeSpan At)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
