using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.PubSub.Sqlite;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class SqliteTests : IDisposable
{
    readonly string _folder = TestFolder.New("queue");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Broker(params (string Name, string Value)[] metadata) =>
        Yaml.Component(
            "pubsub", "pubsub.sqlite", [("connectionString", $"data source={_folder}/queue.db"), .. metadata]);

    string Broadcast => Yaml.Component(
        "broadcast", "pubsub.sqlite",
        ("connectionString", $"data source={_folder}/queue.db"), ("consumerID", "{uuid}"));

    [Fact]
    public async Task A_failed_message_comes_again_until_it_is_settled()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker(("redeliverIntervalMax", "20ms")), app);
        app.Answers["/t/x"] = http => Task.FromResult(http.Response.StatusCode = app.All.Count < 4 ? 500 : 200);

        await dapr.PublishAsync("pubsub/x", "1");

        var received = await app.WaitForAsync("/t/x", 4);
        Assert.Single(received.Select(delivery => delivery.Body).Distinct());
        await SettledAsync(dapr, 1);
        Assert.Equal(4, app.All.Count);
    }

    [Fact]
    public async Task Messages_published_before_a_subscribers_first_start_await_it()
    {
        await using (var early = await TestSidecar.StartAsync(Broker()))
            for (var i = 0; i < 20; i++) Assert.Equal((204, ""), await early.PublishAsync("pubsub/x", $"{i}"));

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker(("concurrency", "1")), app);

        var received = await app.WaitForAsync("/t/x", 20);
        Assert.Equal(Enumerable.Range(0, 20), received.Select(PubSubTest.Number));
    }

    [Fact]
    public async Task Apps_get_a_copy_each_and_replicas_compete_for_theirs()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var two = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var other = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var first = await PubSubTest.StartAsync(Broker(), one, o => o with { AppId = "orders" }, host);
        await using var second = await PubSubTest.StartAsync(Broker(), two, o => o with { AppId = "orders" }, host);
        await using var third = await PubSubTest.StartAsync(Broker(), other, o => o with { AppId = "tickets" }, host);

        for (var i = 0; i < 50; i++) await first.PublishAsync("pubsub/x", $"{i}");

        await other.WaitForAsync("/t/x", 50);
        await Eventually.Is(
            () => one.All.Count + two.All.Count >= 50, TimeSpan.FromSeconds(10), () => "not fifty");
        Assert.Equal(Enumerable.Range(0, 50), one.All.Concat(two.All).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_broadcast_reaches_every_replica_and_nothing_from_before_it_started()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("broadcast", "x");
        await using var two = await RecordingApp.OfTopicsAsync("broadcast", "x");
        var yaml = $"{Broker()}\n---\n{Broadcast}";
        await using var first = await PubSubTest.StartAsync(yaml, one, o => o with { AppId = "web" }, host);
        await first.PublishAsync("pubsub/x", "-1");
        await one.WaitForAsync("/t/x");
        await using var second = await PubSubTest.StartAsync(yaml, two, o => o with { AppId = "web" }, host);

        for (var i = 0; i < 20; i++) await first.PublishAsync("pubsub/x", $"{i}");

        Assert.Equal(Enumerable.Range(-1, 21), (await one.WaitForAsync("/t/x", 21)).Select(PubSubTest.Number).Order());
        Assert.Equal(Enumerable.Range(0, 20), (await two.WaitForAsync("/t/x", 20)).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_backlog_larger_than_what_is_held_in_memory_is_delivered_once_and_in_order()
    {
        const int count = 3_000;
        await using (var early = await TestSidecar.StartAsync(Broker()))
            await early.PublishNumbersAsync("pubsub/x", count);

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker(), app);

        var received = await app.WaitForAsync("/t/x", count);
        Assert.Equal(Enumerable.Range(0, count), received.Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task What_an_unhealthy_app_had_in_hand_comes_again_when_it_is_back()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        app.Answers["/t/x"] = http =>
            app.IsHealthy ? Task.CompletedTask : Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var dapr = await PubSubTest.StartAsync(Broker(), app, o => o with
        {
            AppHealthCheck = new("/healthz", TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5), 2),
        });
        app.IsHealthy = false;
        for (var i = 0; i < 5; i++) await dapr.PublishAsync("pubsub/x", $"{i}");
        await Eventually.Is(
            () => !dapr.Sidecar.App.IsHealthy, TimeSpan.FromSeconds(10), () => "still healthy");

        app.IsHealthy = true;

        await SettledAsync(dapr, 5);
    }

    // An app of a later build no longer subscribes to the topic. Its queue must not fill up for good.
    [Fact]
    public async Task What_waits_for_a_consumer_that_is_gone_for_good_is_deleted_after_the_retention()
    {
        var (path, clock) = (Path.Combine(_folder, "gone.db"), new FakeTimeProvider(DateTimeOffset.UtcNow));
        var limits = new QueueLimits(TimeSpan.FromHours(24), RetainedMax: 1_000, WaitingMax: 3);
        using (var before = new QueueLoop(path, limits, clock, NullLogger.Instance))
            await before.OpenAsync("gone", "x", isEphemeral: false);

        using var now = new QueueLoop(path, limits, clock, NullLogger.Instance);
        var kept = await now.OpenAsync("kept", "x", isEphemeral: false);
        for (var i = 0; i < 3; i++) await now.PublishAsync(new("x", new byte[1], new Dictionary<string, string>()));
        for (var i = 0; i < 3; i++) now.Settle(kept, (await kept.TakeAsync(Ct)).Message.Id);
        await Assert.ThrowsAsync<QueueFullException>(() =>
            now.PublishAsync(new("x", new byte[1], new Dictionary<string, string>())));

        clock.Advance(TimeSpan.FromHours(25));
        await Eventually.Is(async () =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            try
            {
                await now.PublishAsync(new("x", new byte[1], new Dictionary<string, string>()));
                return true;
            }
            catch (QueueFullException)
            {
                return false;
            }
        });
        Assert.Equal(1, kept.Waiting);
    }

    [Fact]
    public async Task A_graceful_stop_waits_for_the_handlers_that_run_and_takes_nothing_new()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        var release = new TaskCompletionSource();
        app.Answers["/t/x"] = _ => release.Task;
        await using (var dapr = await PubSubTest.StartAsync(Broker(("concurrency", "1")), app))
        {
            for (var i = 0; i < 3; i++) await dapr.PublishAsync("pubsub/x", $"{i}");
            await app.WaitForAsync("/t/x");
            var stopping = dapr.Sidecar.StopAsync(Ct);
            Assert.False(stopping.IsCompleted);
            release.SetResult();
            await stopping;
        }

        await using var next = await PubSubTest.StartAsync(Broker(), app);
        await SettledAsync(next, 2);
        Assert.Equal([0, 1, 2], app.All.Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_full_queue_refuses_with_a_reason()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        app.Answers["/t/x"] = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var dapr = await PubSubTest.StartAsync(Broker(("waitingMax", "3")), app);
        for (var i = 0; i < 3; i++) Assert.Equal((204, ""), await dapr.PublishAsync("pubsub/x", $"{i}"));

        var (status, body) = await dapr.PublishAsync("pubsub/x", "3");

        Assert.Equal(500, status);
        Assert.Contains("ERR_PUBSUB_PUBLISH_MESSAGE", body);
        Assert.Contains("the queue of app for topic x is full: 3 messages wait", body);
    }

    [Fact]
    public async Task A_file_that_another_host_has_open_is_refused_in_one_line()
    {
        await using var first = await TestSidecar.StartAsync(Broker());

        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestSidecar.StartAsync(Broker()));

        Assert.Contains("pubsub (pubsub.sqlite/v1)", error.Message);
        Assert.Contains("locked", error.Message);
    }

    [Fact]
    public async Task Settled_messages_are_forgotten_when_enough_newer_ones_were_published()
    {
        await using (var dapr = await TestSidecar.StartAsync(Broker(("retainedMax", "5"))))
            for (var i = 0; i < 20; i++) await dapr.PublishAsync("pubsub/x", $"{i}");
        await using (var dapr = await TestSidecar.StartAsync(Broker(("retainedMax", "5"))))
            await dapr.PublishAsync("pubsub/x", "20");

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var late = await PubSubTest.StartAsync(Broker(("retainedMax", "5")), app);

        await SettledAsync(late, 5);
        Assert.Equal([16, 17, 18, 19, 20], app.All.Select(PubSubTest.Number).Order());
    }

    static async Task SettledAsync(TestSidecar dapr, int count)
    {
        for (var i = 0; i < count; i++) await dapr.WaitForStepAsync(step => step.Kind == FlowKind.Settled);
    }
}
