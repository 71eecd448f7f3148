using System.Collections.Concurrent;
using System.Text.Json;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>What every real broker must do behind the sidecar; each kind says how it is configured.</summary>
public abstract class BrokerTests
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected abstract Task<RealServer> StartServerAsync();

    /// <summary>The settings that lose nothing.</summary>
    private protected abstract string Safe(RealServer server);

    private protected abstract string Broadcast(RealServer server);

    [Fact]
    public async Task Apps_get_a_copy_each_and_replicas_compete_for_theirs()
    {
        await using var server = await StartServerAsync();
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var two = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var other = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var first = await PubSubTest.StartAsync(Safe(server), one, o => o with { AppId = "orders" }, host);
        await using var second = await PubSubTest.StartAsync(Safe(server), two, o => o with { AppId = "orders" }, host);
        await using var third = await PubSubTest.StartAsync(Safe(server), other, o => o with { AppId = "tickets" }, host);

        for (var i = 0; i < 50; i++) Assert.Equal((204, ""), await first.PublishAsync("pubsub/x", $"{i}"));

        await other.WaitForAsync("/t/x", 50);
        await Eventually.IsTrueAsync(() => one.All.Count + two.All.Count >= 50, TimeSpan.FromSeconds(20), () => "not fifty");
        Assert.Equal(Enumerable.Range(0, 50), one.All.Concat(two.All).Select(PubSubTest.Number).Order());
        Assert.Equal(Enumerable.Range(0, 50), other.All.Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_broadcast_reaches_every_replica()
    {
        await using var server = await StartServerAsync();
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("broadcast", "x");
        await using var two = await RecordingApp.OfTopicsAsync("broadcast", "x");
        var yaml = $"{Safe(server)}\n---\n{Broadcast(server)}";
        await using var first = await PubSubTest.StartAsync(yaml, one, o => o with { AppId = "web" }, host);
        await using var second = await PubSubTest.StartAsync(yaml, two, o => o with { AppId = "web" }, host);

        for (var i = 0; i < 20; i++) await first.PublishAsync("pubsub/x", $"{i}");

        Assert.Equal(Enumerable.Range(0, 20), (await one.WaitForAsync("/t/x", 20)).Select(PubSubTest.Number).Order());
        Assert.Equal(Enumerable.Range(0, 20), (await two.WaitForAsync("/t/x", 20)).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_broker_is_killed_in_the_middle()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Safe(server), app);
        var acknowledged = new ConcurrentBag<int>();
        using var enough = new CancellationTokenSource();
        var next = 0;
        var publishing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PublishAsync()));

        await Eventually.IsTrueAsync(() => acknowledged.Count > 30, TimeSpan.FromSeconds(30), () => "too few before");
        await server.KillAsync();
        await server.StartAsync();
        var after = acknowledged.Count + 30;
        await Eventually.IsTrueAsync(() => acknowledged.Count > after, TimeSpan.FromSeconds(60), () => "it did not come back");
        await enough.CancelAsync();
        await publishing;

        await Eventually.IsTrueAsync(
            () => !acknowledged.Except(app.All.Select(PubSubTest.Number)).Any(), TimeSpan.FromSeconds(30),
            () => $"lost: {string.Join(", ", acknowledged.Except(app.All.Select(PubSubTest.Number)).Order())}");

        async Task PublishAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref next);
                if ((await dapr.PublishAsync("pubsub/x", $"{number}")).Status == 204) acknowledged.Add(number);
            }
        }
    }

    [Fact]
    public async Task What_a_dead_sidecar_had_in_hand_is_delivered_by_the_next_one()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        app.Answers["/t/x"] = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using (var dying = await PubSubTest.StartAsync(Safe(server), app))
        {
            for (var i = 0; i < 5; i++) await dying.PublishAsync("pubsub/x", $"{i}");
            await app.WaitForAsync("/t/x", 5);
        }

        app.Answer("/t/x", 200);
        await using var dapr = await PubSubTest.StartAsync(Safe(server), app);

        var settled = new HashSet<string>();
        while (settled.Count < 5) settled.Add((await dapr.WaitForStepAsync(step => step.Kind == FlowKind.Settled)).EventId);
        Assert.Equal(Enumerable.Range(0, 5), app.All.Select(PubSubTest.Number).Distinct().Order());
    }

    [Fact]
    public async Task A_failure_for_good_is_a_dead_letter()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.StartAsync(
            RecordingApp.Subscriptions("pubsub", ""","deadLetterTopic":"dead" """, "x")[..^1] + ","
            + RecordingApp.Subscriptions("pubsub", "", "dead")[1..]);
        app.Answer("/t/x", 500);
        await using var dapr = await PubSubTest.StartAsync(Safe(server), app);

        await dapr.PublishAsync("pubsub/x", """{"n":1}""");

        var dead = Assert.Single(await app.WaitForAsync("/t/dead"));
        Assert.Equal(app.At("/t/x")[0].Body, dead.Body);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_ends_the_start_in_one_line()
    {
        string yaml;
        await using (var server = await StartServerAsync()) yaml = Safe(server);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestSidecar.StartAsync(yaml));

        Assert.Contains("Component pubsub (pubsub.", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
