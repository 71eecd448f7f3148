using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Testing;

/// <summary>
/// A service in this process: real HTTP on a free port of loopback, its sidecar in memory, no Dapr anywhere.
/// </summary>
public sealed class ServiceHost : IAsyncDisposable
{
    public const string AppToken = "the-app-api-token";
    // Connections to it are refused at once: tests replace other apps by an OtherAppsStub.
    const string UnusedAddress = "http://127.0.0.1:1";

    readonly WebApplication app;

    ServiceHost(WebApplication app, InMemoryStore store, InMemorySidecar sidecar, LogLines logs, TimeProvider clock)
    {
        (this.app, Store, Sidecar, Logs, Clock) = (app, store, sidecar, logs, clock);
        Address = new(app.Urls.Single());
        Anonymous = Client();
    }

    public Uri Address { get; }
    public InMemoryStore Store { get; }
    public InMemorySidecar Sidecar { get; }
    public LogLines Logs { get; }
    public TimeProvider Clock { get; }
    public IServiceProvider Services => app.Services;
    /// <summary>A client without a session and without cookies.</summary>
    public HttpClient Anonymous { get; }

    /// <param name="build">The service's <c>Build</c>.</param>
    /// <param name="configure">Called last before the service is built.</param>
    public static async Task<ServiceHost> Start(Func<string[], Action<WebApplicationBuilder>?, WebApplication> build,
        Action<WebApplicationBuilder>? configure = null, InMemoryStore? store = null, TimeProvider? clock = null,
        params string[] args)
    {
        store ??= new();
        clock ??= TimeProvider.System;
        var sidecar = new InMemorySidecar(store);
        var logs = new LogLines();
        var app = build(args, builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(
                [new("APP_API_TOKEN", AppToken), new("DAPR_HTTP_ENDPOINT", UnusedAddress)]);
            builder.Logging.ClearProviders().AddProvider(logs);
            builder.Services
                .AddSingleton<ISidecar>(sidecar)
                .AddSingleton(clock)
                .AddSingleton<ReadSecret>((name, _) => Task.FromResult(
                    name == SessionKeys.SecretName ? TestSessions.PublicKeyPem : TestSessions.PrivateKeyPem));
            configure?.Invoke(builder);
        });
        await app.StartAsync();
        return new(app, store, sidecar, logs, clock);
    }

    /// <summary>A client signed in as this user.</summary>
    public HttpClient As(string userId)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestSessions.Token(userId, Clock.GetUtcNow()));
        return client;
    }

    /// <summary>Delivers a message as the sidecar does.</summary>
    public Task<HttpResponseMessage> Deliver(Event message, string pubsub = DaprSidecar.PubSub)
    {
        var route = pubsub == DaprSidecar.PubSub ? message.Topic : $"{pubsub}/{message.Topic}";
        var body = JsonContent.Create(new Dictionary<string, object?>
        {
            ["specversion"] = "1.0", ["id"] = message.Id, ["type"] = message.Type, ["source"] = "test",
            ["subject"] = message.Subject, ["topic"] = message.Topic, ["pubsubname"] = pubsub,
            ["datacontenttype"] = "application/json", ["data"] = message.Data,
        }, new MediaTypeHeaderValue("application/cloudevents+json"));
        return Deliver($"/events/{route}", body);
    }

    /// <inheritdoc cref="Deliver(Event, string)"/>
    public async Task<HttpResponseMessage> Deliver(string path, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("dapr-api-token", AppToken);
        return await Anonymous.SendAsync(request);
    }

    HttpClient Client() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = Address,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
