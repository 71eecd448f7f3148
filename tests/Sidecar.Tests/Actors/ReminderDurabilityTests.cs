using System.Text;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.State;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Reminders over the end of a process, on disk; against <c>actors.reminders-daprd-down</c>,
/// <c>actors.reminders-interrupted</c> and <c>actors.timers-restarts</c>.</summary>
public sealed class ReminderDurabilityTests : IAsyncDisposable
{
    const string Remind = "/actors/Cart/1/method/remind/r";

    readonly string _folder = TestFolder.New("reminders");
    readonly FakeTimeProvider _clock = new();
    ScriptedApp? _app;
    SidecarHost? _host;
    TestSidecar? _sidecar;

    ScriptedApp App => _app!;

    public async ValueTask DisposeAsync()
    {
        await DieAsync();
        await App.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_reminder_outlives_a_kill_comes_once_and_late_and_is_then_gone()
    {
        await StartAsync();
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"4s","data":{"a":"<x>"}}""");
        await DieAsync();
        _clock.Advance(TimeSpan.FromSeconds(60));

        await StartAsync();
        await ComesAsync(1);
        await IsKeptAsync(null);
        Assert.Equal("""{"data":{"a":"<x>"},"dueTime":"","period":""}""", App.At(Remind)[0].Text);

        await RestartAsync();
        Assert.Single(App.At(Remind));
        Assert.Equal(404, await SendAsync("GET", "Cart/1/reminders/r"));
    }

    [Fact]
    public async Task One_that_recurs_makes_up_for_what_was_missed_and_does_not_repeat_what_was_done()
    {
        await StartAsync();
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"1s","period":"R8/PT1S"}""");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(2);
        await IsKeptAsync("\"fires\":2");
        await DieAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));

        await StartAsync();
        await ComesAsync(5);
        Assert.Equal(5, App.At(Remind).Count);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(6);
    }

    [Fact]
    public async Task One_that_was_under_way_at_the_kill_comes_again()
    {
        await StartAsync();
        var never = new TaskCompletionSource();
        App.On(Remind, _ => never.Task);
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"0s"}""");
        await ComesAsync(1);
        await DieAsync();
        App.On(Remind, "");

        await StartAsync();

        await ComesAsync(2);
        never.SetResult();
    }

    [Fact]
    public async Task Failed_attempts_are_counted_over_a_kill()
    {
        await StartAsync();
        App.On(Remind, "", 500);
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"0s"}""");
        await ComesAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(2);
        await IsKeptAsync("\"attempts\":2");
        await RestartAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(3);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ComesAsync(4);
        await IsKeptAsync(null);

        await RestartAsync();

        Assert.Equal(4, App.At(Remind).Count);
        Assert.Equal(404, await SendAsync("GET", "Cart/1/reminders/r"));
    }

    [Fact]
    public async Task What_was_removed_or_replaced_before_the_kill_stays_so()
    {
        await StartAsync();
        await SendAsync("PUT", "Cart/1/reminders/gone", """{"dueTime":"1s"}""");
        await SendAsync("DELETE", "Cart/1/reminders/gone");
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"1s","data":1}""");
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"2s","data":2}""");

        await RestartAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));

        await ComesAsync(1);
        Assert.Contains("\"data\":2", App.At(Remind)[0].Text, StringComparison.Ordinal);
        Assert.Empty(App.At("/actors/Cart/1/method/remind/gone"));
    }

    [Fact]
    public async Task A_graceful_stop_waits_until_the_reminder_under_way_is_done_and_written_down()
    {
        await StartAsync();
        var answer = new TaskCompletionSource();
        App.On(Remind, _ => answer.Task);
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"0s"}""");
        await ComesAsync(1);
        var stop = _sidecar!.Sidecar.StopAsync(TestContext.Current.CancellationToken);
        answer.SetResult();
        await stop;

        await RestartAsync();

        Assert.Equal(404, await SendAsync("GET", "Cart/1/reminders/r"));
        Assert.Single(App.At(Remind));
    }

    [Fact]
    public async Task Timers_end_with_the_process()
    {
        await StartAsync();
        await SendAsync("PUT", "Cart/1/timers/t", """{"dueTime":"1s","period":"1s"}""");
        await SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"3s"}""");

        await RestartAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));

        await ComesAsync(1);
        Assert.Empty(App.At("/actors/Cart/1/method/timer/t"));
    }

    async Task StartAsync()
    {
        _app ??= await ScriptedApp.StartAsync("""{"entities":["Cart"]}""");
        _host = new SidecarHost(KnownComponents.Registry, _clock);
        _sidecar = await TestSidecar.StartAsync(
            Yaml.Component("store", "state.sqlite", ("connectionString", Path.Combine(_folder, "state.db")), ("actorStateStore", "true")),
            options => options with { AppPort = App.Port }, _host, _folder);
        await Eventually.Is(() => _sidecar.Sidecar.Inventory.ActorRuntime().HostReady, "actors are hosted");
    }

    /// <summary>As <c>kill -9</c>: nothing is flushed, nobody is told.</summary>
    async Task DieAsync()
    {
        if (_sidecar is null) return;
        await _sidecar.Sidecar.KillAsync();
        await _sidecar.DisposeAsync();
        await _host!.DisposeAsync();
    }

    async Task RestartAsync()
    {
        await DieAsync();
        await StartAsync();
    }

    /// <summary>What happened is on disk: a kill any earlier may bring a reminder again, which is allowed.</summary>
    async Task IsKeptAsync(string? text)
    {
        var store = (IStateStore)_sidecar!.Sidecar.Components.StateStores["store"].Instance;
        await Eventually.Is(async () =>
        {
            var item = await store.GetAsync("||reminders||Cart||1||r", TestContext.Current.CancellationToken);
            var row = item is null ? null : Encoding.UTF8.GetString(item.Value.Span);
            return row is null ? text is null : text is not null && row.Contains(text, StringComparison.Ordinal);
        });
    }

    Task ComesAsync(int count) => Eventually.Is(() => App.At(Remind).Count >= count || Nudge(), $"{count} reminders");

    bool Nudge()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return false;
    }

    async Task<int> SendAsync(string verb, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), $"/v1.0/actors/{path}");
        if (body is not null) request.Content = new StringContent(body);
        using var response = await _sidecar!.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }
}
