using System.Collections.Concurrent;
using Dapr.Actors;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>The official packages on both sides of the sidecar.</summary>
public sealed class ActorSdkTests : IAsyncDisposable
{
    SidecarHost _host = new(KnownComponents.Registry);
    readonly List<IAsyncDisposable> _started = [];
    readonly ConcurrentDictionary<string, int> _totals = [];

    public async ValueTask DisposeAsync()
    {
        for (var i = _started.Count - 1; i >= 0; i--) await _started[i].DisposeAsync();
        await _host.DisposeAsync();
    }

    async Task<CartApp> StartAsync(Action<Dapr.Actors.Runtime.ActorRuntimeOptions>? with = null, bool json = true)
    {
        var app = await CartApp.StartAsync(_totals, with, json);
        _started.Add(app);
        await StartSidecarAsync(app);
        return app;
    }

    async Task<AppSidecar> StartSidecarAsync(CartApp app)
    {
        var sidecar = await TestSidecar.StartAsync(
            Yaml.Component("store", "state.in-memory", ("actorStateStore", "true")),
            options => options with { AppPort = app.Port, HttpPort = app.SidecarPort }, _host);
        _started.Add(sidecar);
        await Eventually.Is(() => sidecar.Sidecar.Inventory.ActorRuntime().HostReady, "actors are hosted");
        return sidecar.Sidecar;
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Methods_and_exceptions_work_in_either_serialization(bool json)
    {
        var app = await StartAsync(json: json);

        Assert.Equal(1, await app.Cart("a").Add(1));
        Assert.Equal(3, await app.Cart("a").Add(2));
        Assert.Equal(0, await app.Cart("b").Total());

        var error = await Assert.ThrowsAsync<ActorMethodInvocationException>(() => app.Cart("a").Fail("no such seat"));
        Assert.Contains("no such seat", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["activated a", "activated b"], app.Journal.Lines);
    }

    [Fact]
    public async Task Calls_of_one_actor_take_turns_so_that_none_is_lost()
    {
        var app = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => app.Cart("a").Add(1)));

        Assert.Equal(40, await app.Cart("a").Total());
    }

    [Fact]
    public async Task Timers_and_reminders_call_back_with_their_data()
    {
        var app = await StartAsync();

        await app.Cart("a").SetTimer(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), "t");
        await app.Cart("b").SetReminder(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(50), "r");

        await Eventually.Is(() => app.Journal.Lines.Count(line => line == "timer a t") >= 2, "two ticks");
        await Eventually.Is(() => app.Journal.Lines.Count(line => line == "reminder b r") >= 2, "two reminders");
    }

    [Fact]
    public async Task A_reminder_can_be_read_and_removed()
    {
        var app = await StartAsync();
        var cart = app.Cart("a");

        await cart.SetReminder(TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30), "pay");
        Assert.Equal("00:15:00 00:00:30 pay", await cart.GetReminder());
        await cart.RemoveReminder();

        await Assert.ThrowsAsync<ActorMethodInvocationException>(cart.GetReminder);
    }

    [Fact]
    public async Task An_idle_actor_is_deactivated_and_comes_back()
    {
        var app = await StartAsync(options => options.ActorIdleTimeout = TimeSpan.FromMilliseconds(200));
        await app.Cart("a").Add(5);

        await Eventually.Is(() => app.Journal.Lines.Contains("deactivated a"), "the actor is idle");

        Assert.Equal(5, await app.Cart("a").Total());
        Assert.Equal(["activated a", "deactivated a", "activated a"], app.Journal.Lines.Take(3));
    }

    [Fact]
    public async Task Two_replicas_share_the_actors_and_the_dead_ones_go_on_at_the_other()
    {
        var clock = new FakeTimeProvider();
        _host = new SidecarHost(KnownComponents.Registry, clock);
        var (one, two) = (await StartAsync(), await CartApp.StartAsync(_totals));
        _started.Add(two);
        var second = await StartSidecarAsync(two);
        var ids = Enumerable.Range(0, 30).Select(i => $"{i}").ToList();
        foreach (var id in ids) await one.Cart(id).Add(1);
        var (here, there) = (Active(one), Active(two));
        Assert.Equal(ids.Count, here.Count + there.Count);
        Assert.InRange(there.Count, 5, 25);
        await one.Cart(there[0]).SetReminder(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), "kept");
        await two.Cart(there[1]).SetTimer(TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), "lost");

        await second.KillAsync();

        foreach (var id in ids) Assert.Equal(2, await one.Cart(id).Add(1));
        Assert.Equal(ids.Order(), Active(one).Order());
        clock.Advance(TimeSpan.FromMinutes(15));
        await Eventually.Is(() => one.Journal.Lines.Contains($"reminder {there[0]} kept"), "the reminder went to the living");
        Assert.DoesNotContain(one.Journal.Lines, line => line.StartsWith("timer", StringComparison.Ordinal));

        static List<string> Active(CartApp app) =>
            [.. app.Journal.Lines.Where(line => line.StartsWith("activated ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];
    }

    [Fact]
    public async Task A_replica_that_joins_takes_over_its_share_after_a_goodbye()
    {
        var one = await StartAsync();
        var ids = Enumerable.Range(0, 30).Select(i => $"{i}").ToList();
        foreach (var id in ids) await one.Cart(id).Add(1);
        var two = await CartApp.StartAsync(_totals);
        _started.Add(two);

        await StartSidecarAsync(two);

        foreach (var id in ids) Assert.Equal(2, await one.Cart(id).Add(1));
        var left = one.Journal.Lines.Where(line => line.StartsWith("deactivated ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]);
        var joined = two.Journal.Lines.Where(line => line.StartsWith("activated ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]);
        Assert.Equal(left.Order(), joined.Order());
        Assert.NotEmpty(joined);
    }
}
