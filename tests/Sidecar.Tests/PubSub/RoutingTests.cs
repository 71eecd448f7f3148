namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class RoutingTests
{
    static readonly string Broker = Yaml.Component("pubsub", "pubsub.in-memory");

    const string Subscriptions = """
        [{"pubsubname":"pubsub","topic":"dlt","route":"/t/dlt"},
         {"pubsubname":"pubsub","topic":"r1","routes":{"rules":[{"match":"event.type == \"a\"","path":"/t/a"},{"match":"event.data.kind == \"b\"","path":"/t/b"}],"default":"/t/def"}},
         {"pubsubname":"pubsub","topic":"r2","routes":{"rules":[{"match":"event.type == \"a\"","path":"/t/a"}]},"deadLetterTopic":"dlt"},
         {"pubsubname":"pubsub","topic":"r3","routes":{"rules":[{"match":"event.data.missing == \"x\"","path":"/t/x"},{"match":"event.type == \"a\"","path":"/t/a"}],"default":"/t/def"},"deadLetterTopic":"dlt"},
         {"pubsubname":"pubsub","topic":"r4","routes":{"rules":[{"match":"has(event.data.x) && event.data.x == \"y\"","path":"/t/x"}],"default":"/t/def"}},
         {"pubsubname":"pubsub","topic":"r5","routes":{"rules":[{"match":"event.data.n == 5","path":"/t/five"},{"match":"event.data.n > 5","path":"/t/more"}],"default":"/t/less"}},
         {"pubsubname":"pubsub","topic":"r6","route":"/t/route","routes":{"default":"/t/def"}},
         {"pubsubname":"pubsub","topic":"r8","routes":{"rules":[{"match":"event.type","path":"/t/x"}],"default":"/t/def"},"deadLetterTopic":"dlt"},
         {"pubsubname":"pubsub","topic":"r9","route":"relative"}]
        """;

    [Theory]
    [InlineData("r1?metadata.cloudevent.type=a", """{"kind":"z"}""", "/t/a")]
    [InlineData("r1", """{"kind":"b"}""", "/t/b")]
    [InlineData("r1", """{"kind":"z"}""", "/t/def")]
    [InlineData("r2?metadata.cloudevent.type=a", "{}", "/t/a")]
    [InlineData("r2", "{}", "/t/dlt")]
    [InlineData("r3?metadata.cloudevent.type=a", """{"kind":"a"}""", "/t/dlt")]
    [InlineData("r4", "{}", "/t/def")]
    [InlineData("r4", """{"x":"y"}""", "/t/x")]
    [InlineData("r5", """{"n":7}""", "/t/more")]
    [InlineData("r5", """{"n":7.5}""", "/t/more")]
    [InlineData("r5", """{"n":5}""", "/t/five")]
    [InlineData("r5", """{"n":1}""", "/t/less")]
    [InlineData("r6", "{}", "/t/def")]
    [InlineData("r8", "{}", "/t/dlt")]
    [InlineData("r9", "{}", "/relative")]
    public async Task The_first_rule_that_is_true_has_the_event(string topic, string body, string path)
    {
        await using var app = await RecordingApp.StartAsync(Subscriptions);
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        await dapr.PublishAsync("pubsub/" + topic, body);

        await app.WaitForAsync(path);
        Assert.Equal([path], app.All.Select(received => received.Path));
    }

    [Fact]
    public async Task A_rule_that_does_not_compile_leaves_the_app_without_subscriptions()
    {
        await using var app = await RecordingApp.StartAsync("""
            [{"pubsubname":"pubsub","topic":"ok","route":"/t/ok"},
             {"pubsubname":"pubsub","topic":"bad","routes":{"rules":[{"match":"event.type = = 'x'","path":"/t/bad"}]}}]
            """);
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        Assert.Empty(dapr.Sidecar.Inventory.Subscriptions());
        Assert.Equal(0, dapr.Sidecar.Inventory.ActiveSubscriptions());
    }

    [Fact]
    public async Task Of_two_subscriptions_to_a_topic_the_last_counts_and_one_without_a_route_is_none()
    {
        await using var app = await RecordingApp.StartAsync("""
            [{"pubsubname":"pubsub","topic":"nopath"},
             {"pubsubname":"pubsub","topic":"both","route":"/t/first"},{"pubsubname":"pubsub","topic":"both","route":"/t/said"}]
            """);
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        Assert.Equal(["both /t/said"], dapr.Sidecar.Inventory.Subscriptions()
            .Select(s => $"{s.Topic} {string.Join(',', s.Rules.Select(r => r.Path))}"));
        await dapr.PublishAsync("pubsub/both", "{}");
        await app.WaitForAsync("/t/said");
        Assert.Single(app.All);
    }

    [Fact]
    public async Task A_topic_out_of_scope_is_not_subscribed()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "ok", "closed", "guarded");
        await using var dapr = await PubSubTest.StartAsync(
            Yaml.Component(
                "pubsub", "pubsub.in-memory", ("subscriptionScopes", "app=ok;other="), ("protectedTopics", "guarded")),
            app);

        await dapr.PublishAsync("pubsub/closed", "{}");
        await dapr.PublishAsync("pubsub/ok", "{}");

        await app.WaitForAsync("/t/ok");
        Assert.Single(app.All);
    }
}
