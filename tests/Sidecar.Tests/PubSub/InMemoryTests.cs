using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class InMemoryTests
{
    static readonly string Broker = Yaml.Component("pubsub", "pubsub.in-memory");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failed_message_is_lost()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);
        app.Answer("/t/x", 500);

        await dapr.PublishAsync("pubsub/x", "1");
        await dapr.PublishAsync("pubsub/x", "2");

        Assert.Contains("\"data\":2", (await app.WaitForAsync("/t/x", 2))[1].Body);
    }

    [Fact]
    public async Task What_nobody_subscribed_to_is_lost()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var publisher = await TestSidecar.StartAsync(Broker, host: host);
        Assert.Equal((204, ""), await publisher.PublishAsync("pubsub/x", "\"early\""));

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app, host: host);
        await publisher.PublishAsync("pubsub/x", "\"late\"");

        Assert.Contains("late", Assert.Single(await app.WaitForAsync("/t/x")).Body);
    }

    [Fact]
    public async Task Publishing_waits_while_the_message_before_is_being_handled()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x", "y");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);
        var release = new TaskCompletionSource();
        app.Answers["/t/x"] = _ => release.Task;

        await dapr.PublishAsync("pubsub/x", "1");
        var second = dapr.PublishAsync("pubsub/x", "2");
        await dapr.PublishAsync("pubsub/y", "3");
        await app.WaitForAsync("/t/y");
        Assert.False(second.IsCompleted);

        release.SetResult();
        Assert.Equal((204, ""), await second);
    }

    [Fact]
    public async Task Apps_get_a_copy_each_and_replicas_share_theirs()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var two = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var other = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var first = await PubSubTest.StartAsync(Broker, one, o => o with { AppId = "orders" }, host);
        await using var second = await PubSubTest.StartAsync(Broker, two, o => o with { AppId = "orders" }, host);
        await using var third = await PubSubTest.StartAsync(Broker, other, o => o with { AppId = "tickets" }, host);

        for (var i = 0; i < 10; i++) await first.PublishAsync("pubsub/x", "1");

        await other.WaitForAsync("/t/x", 10);
        await Eventually.Is(
            () => one.All.Count + two.All.Count == 10, TimeSpan.FromSeconds(10), () => "not ten in all");
        Assert.Equal((5, 5), (one.All.Count, two.All.Count));
    }

    // If the app is killed right after its start, its successor has not been asked for subscriptions.
    [Fact]
    public async Task An_app_that_ended_before_it_could_be_asked_is_asked_when_it_is_back()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        app.BreaksOffWhenAsked = true;
        await using var dapr = await TestSidecar.StartAsync(Broker, o => o with
        {
            AppPort = app.Port,
            AppHealthCheck = new("/healthz", TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5), 2),
        });
        await Eventually.Is(() => dapr.Sidecar.App.IsHealthy, "the app is healthy");
        app.IsHealthy = false;
        await Eventually.Is(
            () => !dapr.Sidecar.App.IsHealthy, TimeSpan.FromSeconds(10), () => "still healthy");
        (app.IsHealthy, app.BreaksOffWhenAsked) = (true, false);
        await PublishUntilAsync(dapr, () => app.All.Count, grows: true);
    }

    [Fact]
    public async Task An_unhealthy_app_gets_nothing_and_a_healthy_one_is_subscribed_again()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app, o => o with
        {
            AppHealthCheck = new("/healthz", TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5), 2),
        });
        app.IsHealthy = false;
        await Eventually.Is(
            () => !dapr.Sidecar.App.IsHealthy, TimeSpan.FromSeconds(10), () => "still healthy");
        await PublishUntilAsync(dapr, () => app.All.Count, grows: false);

        app.IsHealthy = true;
        await PublishUntilAsync(dapr, () => app.All.Count, grows: true);
    }

    // The flip and what follows it are not one step: a few messages may still go the old way.
    static async Task PublishUntilAsync(TestSidecar dapr, Func<int> count, bool grows)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var before = count();
            await dapr.PublishAsync("pubsub/x", "1");
            await Task.Delay(TimeSpan.FromMilliseconds(20), Ct);
            if (count() > before == grows) return;
        }

        Assert.Fail(grows ? "nothing came any more" : "messages kept coming");
    }
}
