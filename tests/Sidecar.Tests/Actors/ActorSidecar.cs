using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>A sidecar with an actor state store before a scripted app that hosts the type Cart.</summary>
sealed class ActorSidecar : IAsyncDisposable
{
    const string Config = """{"entities":["Cart"]}""";

    readonly TestSidecar _sidecar;
    readonly SidecarHost _host;

    ActorSidecar(ScriptedApp app, TestSidecar sidecar, SidecarHost host) => (App, _sidecar, _host) = (app, sidecar, host);

    /// <summary>Stands still until a test moves it.</summary>
    public FakeTimeProvider Clock => (FakeTimeProvider)_host.Time;

    public ScriptedApp App { get; }

    public AppSidecar Sidecar => _sidecar.Sidecar;

    public static async Task<ActorSidecar> StartAsync(
        string config = Config, string? yaml = null, Func<SidecarOptions, SidecarOptions>? with = null, TimeProvider? time = null)
    {
        var host = new SidecarHost(KnownComponents.Registry, time);
        var app = await ScriptedApp.StartAsync(config);
        app.On("/healthz", "");
        var sidecar = await TestSidecar.StartAsync(
            yaml ?? Yaml.Component("store", "state.in-memory", ("actorStateStore", "true")),
            options => (with ?? (same => same))(options with { AppPort = app.Port }), host);
        await Eventually.Is(() => sidecar.Sidecar.Inventory.ActorRuntime().HostReady, "actors are hosted");
        return new ActorSidecar(app, sidecar, host);
    }

    /// <returns>Status and body, as a recording shows them.</returns>
    public async Task<(int Status, string Body)> SendAsync(string verb, string path, string? body = null)
    {
        using var response = await RequestAsync(verb, path, body);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task<HttpResponseMessage> RequestAsync(string verb, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb), $"/v1.0/actors/{path}");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _sidecar.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Moves the clock to each of these moments after the start (in ms), and waits at each for one more
    /// request at the path; between them, and for a while after the last, there must be none.</summary>
    public async Task ExpectAsync(string path, params int[] moments)
    {
        var start = Clock.GetUtcNow();
        for (var i = 0; i < moments.Length; i++)
        {
            var at = start.AddMilliseconds(moments[i]);
            if (Clock.GetUtcNow() < at.AddMilliseconds(-1)) Clock.Advance(at.AddMilliseconds(-1) - Clock.GetUtcNow());
            Assert.Equal(i, App.At(path).Count);
            if (Clock.GetUtcNow() < at) Clock.Advance(at - Clock.GetUtcNow());
            await WaitForAsync(path, i + 1);
        }

        await SendAsync("PUT", "Cart/sentinel/timers/last", """{"dueTime":"1h"}""");
        Clock.Advance(TimeSpan.FromHours(1));
        await WaitForAsync("/actors/Cart/sentinel/method/timer/last", 1);
        Assert.Equal(moments.Length, App.At(path).Count);
    }

    /// <summary>Waits for so many requests, and moves the clock a little meanwhile: what is scheduled only after the
    /// clock was moved waits for its next move.</summary>
    public Task WaitForAsync(string path, int count)
    {
        return Eventually.Is(() => App.At(path).Count >= count || Nudge(), $"{count} requests at {path}");

        bool Nudge()
        {
            Clock.Advance(TimeSpan.FromMilliseconds(1));
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sidecar.DisposeAsync();
        await _host.DisposeAsync();
        await App.DisposeAsync();
    }
}
