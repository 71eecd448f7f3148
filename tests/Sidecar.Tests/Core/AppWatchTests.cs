using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Core;

/// <summary>What the sidecar does when the app's start, or the machine, does not go as it should.</summary>
public sealed class AppWatchTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    const string Config = """{"entities":["Cart"]}""";
    const string Subscriptions = """[{"pubsubname":"pubsub","topic":"x","route":"/t/x"}]""";

    static readonly string Resources = Yaml.Component("store", "state.in-memory", ("actorStateStore", "true"))
        + "\n---\n" + Yaml.Component("pubsub", "pubsub.in-memory");

    static readonly AppHealthCheck Check = new("/healthz", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), 2);

    static async Task<ScriptedApp> AppAsync()
    {
        var app = await ScriptedApp.StartAsync(Config);
        app.On("/dapr/subscribe", Subscriptions);
        app.On("/healthz", "");
        return app;
    }

    static Task<TestSidecar> StartAsync(ScriptedApp app, SidecarHost host, AppHealthCheck? check = null) =>
        TestSidecar.StartAsync(
            Resources, options => options with { AppPort = app.Port, AppHealthCheck = check }, host);

    [Theory]
    [InlineData("/dapr/config", Config)]
    [InlineData("/dapr/subscribe", Subscriptions)]
    public async Task A_question_at_the_start_that_broke_off_is_asked_again(string path, string answer)
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var app = await AppAsync();
        // The second question comes by itself in both cases, without a change of the app's health.
        app.On(path, http => app.At(path).Count <= 5 ? Abort(http) : http.Response.WriteAsync(answer, Ct));
        await using var dapr = await StartAsync(app, host);

        await Eventually.Is(() => dapr.Sidecar.IsAppStarted, "the app has started");
        Assert.Equal(["Cart"], dapr.Sidecar.Inventory.Actors().Select(actors => actors.Type));
        Assert.Single(dapr.Sidecar.Inventory.Subscriptions());
    }

    [Fact]
    public async Task A_question_that_is_not_answered_is_asked_again_and_the_probes_go_on_meanwhile()
    {
        var clock = new FakeTimeProvider();
        await using var host = new SidecarHost(KnownComponents.Registry, clock);
        await using var app = await AppAsync();
        var never = new TaskCompletionSource();
        app.On("/dapr/config", _ => never.Task);
        await using var dapr = await StartAsync(app, host, Check);
        await app.WaitForAsync("/dapr/config", 1);

        app.On("/healthz", "", 500);
        await PassesAsync(clock, () => !dapr.Sidecar.App.IsHealthy, "the app is found unhealthy");
        app.On("/healthz", "");
        await PassesAsync(clock, () => dapr.Sidecar.App.IsHealthy, "the app is found healthy");
        app.On("/dapr/config", Config);
        await PassesAsync(clock, () => dapr.Sidecar.IsAppStarted && dapr.Sidecar.Inventory.ActorRuntime().HostReady,
            "the app has started");
        never.SetResult();
    }

    [Fact]
    public async Task A_hook_that_fails_is_called_again_and_the_probes_go_on()
    {
        var clock = new FakeTimeProvider();
        await using var host = new SidecarHost(KnownComponents.Registry, clock);
        await using var app = await AppAsync();
        await using var dapr = await StartAsync(app, host, Check);
        await Eventually.Is(() => dapr.Sidecar.IsAppStarted, "the app has started");
        var calls = new ConcurrentQueue<bool>();
        dapr.Sidecar.Lifecycle.OnAppHealth((change, _) =>
        {
            calls.Enqueue(change.IsHealthy);
            return calls.Count == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        });

        app.On("/healthz", "", 500);
        await PassesAsync(clock, () => calls.Count == 2, "the hook is called again");
        app.On("/healthz", "");
        await PassesAsync(clock, () => calls.Count == 3, "the app is found healthy");
        Assert.Equal([false, false, true], calls);
    }

    [Fact]
    public async Task Until_the_app_is_healthy_once_the_interval_of_its_probes_is_short()
    {
        var clock = new FakeTimeProvider();
        await using var host = new SidecarHost(KnownComponents.Registry, clock);
        await using var app = await AppAsync();
        app.On("/healthz", "", 500);
        var rarely = Check with { Interval = TimeSpan.FromHours(1) };
        await using var dapr = await StartAsync(app, host, rarely);
        await app.WaitForAsync("/healthz", 1);

        app.On("/healthz", "");
        var before = clock.GetUtcNow();
        await PassesAsync(clock, () => dapr.Sidecar.App.IsHealthy, "the app is found healthy");
        Assert.InRange(clock.GetUtcNow() - before, TimeSpan.Zero, rarely.Interval / 2);

        var probes = app.At("/healthz").Count;
        clock.Advance(rarely.Interval * 0.9);
        clock.Advance(rarely.Interval * 0.1);
        await app.WaitForAsync("/healthz", probes + 1);
        Assert.Equal(probes + 1, app.At("/healthz").Count);
    }

    [Fact]
    public async Task A_machine_that_slept_during_a_probe_has_not_failed_twice()
    {
        var clock = new FakeTimeProvider();
        await using var host = new SidecarHost(KnownComponents.Registry, clock);
        await using var app = await AppAsync();
        await using var dapr = await StartAsync(app, host, Check);
        await Eventually.Is(() => dapr.Sidecar.IsAppStarted, "the app has started");
        var changes = 0;
        dapr.Sidecar.Lifecycle.OnAppHealth((_, _) => Task.FromResult(Interlocked.Increment(ref changes)));
        var asleep = new TaskCompletionSource();
        app.On("/healthz", _ => asleep.Task);
        var before = app.At("/healthz").Count;
        await PassesAsync(clock, () => app.At("/healthz").Count > before, "a probe is under way");

        // The probe times out, and the next one, which is due at once, too.
        clock.Advance(TimeSpan.FromHours(8));
        await app.WaitForAsync("/healthz", before + 2);
        clock.Advance(Check.Timeout);
        app.On("/healthz", "");
        await PassesAsync(clock, () => app.At("/healthz").Count > before + 3, "probes go on");

        Assert.Equal((0, true), (changes, dapr.Sidecar.App.IsHealthy));
        asleep.SetResult();
    }

    /// <summary>Lets time pass, slowly enough for a probe to be answered in time.</summary>
    static Task PassesAsync(FakeTimeProvider clock, Func<bool> condition, string what) => Eventually.Is(() =>
    {
        if (condition()) return true;
        clock.Advance(TimeSpan.FromMilliseconds(20));
        return false;
    }, what);

    static Task Abort(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }
}
