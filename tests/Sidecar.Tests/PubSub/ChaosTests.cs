using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class ChaosTests
{
    static readonly string Broker = Yaml.Component("pubsub", "pubsub.in-memory");

    [Theory]
    [InlineData(FlowKind.FalselyAcknowledged, 0)]
    [InlineData(FlowKind.Duplicated, 2)]
    [InlineData(FlowKind.Failed, 0)]
    public async Task Each_accident_is_told_as_what_it_is(FlowKind accident, int delivered)
    {
        var plan = new ChaosPlan(1, 0, 0, 0, 0, 0);
        plan = accident switch
        {
            FlowKind.FalselyAcknowledged => plan with { FalseAck = 1 },
            FlowKind.Duplicated => plan with { Duplicate = 1 },
            _ => plan with { Fail = 1 },
        };
        await using var host = new SidecarHost(KnownComponents.Registry) { Chaos = plan };
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app, host: host);

        Assert.Equal((204, ""), await dapr.PublishAsync("pubsub/x", "1"));

        await dapr.WaitForStepAsync(step => step.Kind == accident);
        await app.WaitForAsync("/t/x", delivered);
        Assert.Equal(delivered, app.All.Count);
    }

    [Fact]
    public async Task Without_a_plan_there_are_no_accidents()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        for (var i = 0; i < 200; i++) await dapr.PublishAsync("pubsub/x", $"{i}");

        Assert.Equal(Enumerable.Range(0, 200), (await app.WaitForAsync("/t/x", 200)).Select(PubSubTest.Number));
    }

    [Fact]
    public async Task Held_back_messages_are_overtaken_and_about_one_in_ten_is_never_delivered()
    {
        const int count = 400;
        var folder = TestFolder.New("chaos");
        await using var host = new SidecarHost(KnownComponents.Registry)
        {
            Chaos = ChaosPlan.FromSeed(7) with { Delay = 0, Fail = 0, Duplicate = 0 },
        };
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        var broker = Yaml.Component(
            "pubsub", "pubsub.sqlite", ("connectionString", $"{folder}/queue.db"), ("concurrency", "20"));
        await using var dapr = await PubSubTest.StartAsync(broker, app, host: host);

        await dapr.PublishNumbersAsync("pubsub/x", count);

        var lied = 0;
        for (var ended = 0; ended < count; ended++)
        {
            var end = await dapr.WaitForStepAsync(step => step.Kind is FlowKind.Settled or FlowKind.FalselyAcknowledged);
            if (end.Kind == FlowKind.FalselyAcknowledged) lied++;
        }

        var received = app.All.Select(PubSubTest.Number).ToList();
        Assert.Equal(count - lied, received.Count);
        Assert.InRange(lied, count / 20, count / 5);
        Assert.NotEqual(received.Order(), received);
    }

    [Fact]
    public void The_same_seed_meets_the_same_accidents()
    {
        var (one, same, other) = (Draws(1), Draws(1), Draws(2));

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    static List<bool> Draws(int seed)
    {
        var decisions = new Ticketing.Sidecar.PubSub.ChaosDecisions(ChaosPlan.FromSeed(seed));
        return [.. Enumerable.Range(0, 200).Select(n => (n % 3) switch
        {
            0 => decisions.FalselyAcknowledges(),
            1 => decisions.FailsAttempt(),
            _ => decisions.HoldBack() > TimeSpan.Zero,
        })];
    }
}
