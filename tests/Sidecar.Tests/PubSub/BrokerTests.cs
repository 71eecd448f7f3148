using System.Collections.Concurrent;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>What every real broker must do behind the sidecar; each kind says how it is configured.</summary>
/// <remarks>The tests of a kind share a server, one after the other, and have a topic each.</remarks>
public abstract class BrokerTests(ServerFixture fixture)
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string Topic { get; } = $"t{Guid.NewGuid():N}";

    protected string Path => $"/t/{Topic}";

    private protected Task<RealServer> ServerAsync() => fixture.GetAsync();

    /// <summary>The settings that lose nothing.</summary>
    private protected abstract string Safe(int port);

    private protected abstract string Broadcast(int port);

    [Fact]
    public async Task Apps_get_a_copy_each_and_replicas_compete_for_theirs()
    {
        var server = await ServerAsync();
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var two = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var other = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var first = await PubSubTest.StartAsync(
            Safe(server.Port), one, o => o with { AppId = "orders" }, host);
        await using var second = await PubSubTest.StartAsync(
            Safe(server.Port), two, o => o with { AppId = "orders" }, host);
        await using var third = await PubSubTest.StartAsync(
            Safe(server.Port), other, o => o with { AppId = "tickets" }, host);
        Assert.Equal(1, third.Sidecar.Inventory.ActiveSubscriptions());

        for (var i = 0; i < 50; i++) Assert.Equal((204, ""), await first.PublishAsync($"pubsub/{Topic}", $"{i}"));

        await other.WaitForAsync(Path, 50);
        await Eventually.Is(
            () => one.All.Count + two.All.Count >= 50, TimeSpan.FromSeconds(20), () => "not fifty");
        Assert.Equal(Enumerable.Range(0, 50), one.All.Concat(two.All).Select(PubSubTest.Number).Order());
        Assert.Equal(Enumerable.Range(0, 50), other.All.Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_broadcast_reaches_every_replica()
    {
        var server = await ServerAsync();
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var one = await RecordingApp.OfTopicsAsync("broadcast", Topic);
        await using var two = await RecordingApp.OfTopicsAsync("broadcast", Topic);
        var yaml = $"{Safe(server.Port)}\n---\n{Broadcast(server.Port)}";
        await using var first = await PubSubTest.StartAsync(yaml, one, o => o with { AppId = "web" }, host);
        await using var second = await PubSubTest.StartAsync(yaml, two, o => o with { AppId = "web" }, host);

        for (var i = 0; i < 20; i++) await first.PublishAsync($"pubsub/{Topic}", $"{i}");

        Assert.Equal(Enumerable.Range(0, 20), (await one.WaitForAsync(Path, 20)).Select(PubSubTest.Number).Order());
        Assert.Equal(Enumerable.Range(0, 20), (await two.WaitForAsync(Path, 20)).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_when_the_broker_is_killed_in_the_middle()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var dapr = await PubSubTest.StartAsync(Safe(server.Port), app);
        var acknowledged = new ConcurrentBag<int>();
        using var enough = new CancellationTokenSource();
        var next = 0;
        var publishing = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PublishAsync()));

        await Eventually.Is(() => acknowledged.Count > 30, TimeSpan.FromSeconds(30), () => "too few before");
        await server.Kill();
        await server.Start();
        var after = acknowledged.Count + 30;
        await Eventually.Is(
            () => acknowledged.Count > after, TimeSpan.FromSeconds(60), () => "it did not come back");
        await enough.CancelAsync();
        await publishing;

        await Eventually.Is(
            () => !acknowledged.Except(app.All.Select(PubSubTest.Number)).Any(), TimeSpan.FromSeconds(30),
            () => $"lost: {string.Join(", ", acknowledged.Except(app.All.Select(PubSubTest.Number)).Order())}");

        async Task PublishAsync()
        {
            while (!enough.IsCancellationRequested)
            {
                var number = Interlocked.Increment(ref next);
                if ((await dapr.PublishAsync($"pubsub/{Topic}", $"{number}")).Status == 204) acknowledged.Add(number);
            }
        }
    }

    [Fact]
    public async Task What_a_dead_sidecar_had_in_hand_is_delivered_by_the_next_one()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        app.Answers[Path] = http => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using (var dying = await PubSubTest.StartAsync(Safe(server.Port), app))
        {
            for (var i = 0; i < 5; i++) await dying.PublishAsync($"pubsub/{Topic}", $"{i}");
            await app.WaitForAsync(Path, 5);
        }

        app.Answer(Path, 200);
        await using var dapr = await PubSubTest.StartAsync(Safe(server.Port), app);

        var settled = new HashSet<string>();
        while (settled.Count < 5)
            settled.Add((await dapr.WaitForStepAsync(step => step.Kind == FlowKind.Settled)).EventId);
        Assert.Equal(Enumerable.Range(0, 5), app.All.Select(PubSubTest.Number).Distinct().Order());
    }

    [Fact]
    public async Task A_failure_for_good_is_a_dead_letter()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.StartAsync(
            RecordingApp.Subscriptions("pubsub", $$""","deadLetterTopic":"{{Topic}}.dead" """, Topic)[..^1] + ","
            + RecordingApp.Subscriptions("pubsub", "", $"{Topic}.dead")[1..]);
        app.Answer(Path, 500);
        await using var dapr = await PubSubTest.StartAsync(Safe(server.Port), app);

        await dapr.PublishAsync($"pubsub/{Topic}", """{"n":1}""");

        var dead = Assert.Single(await app.WaitForAsync($"{Path}.dead"));
        Assert.Equal(app.At(Path)[0].Body, dead.Body);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_ends_the_start_in_one_line()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => TestSidecar.StartAsync(Safe(AnyPort.Next())));

        Assert.Contains("Component pubsub (pubsub.", error.Message);
        Assert.DoesNotContain("\n", error.Message);
    }
}
