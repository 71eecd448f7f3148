using StackExchange.Redis;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class RedisTests : BrokerTests
{
    private protected override Task<RealServer> StartServerAsync() => RealServer.RedisAsync();

    private protected override string Safe(RealServer server) => Component(server);

    private protected override string Broadcast(RealServer server) => Yaml.Component(
        "broadcast", "pubsub.redis", ("redisHost", $"127.0.0.1:{server.Port}"), ("consumerID", "{uuid}"));

    static string Component(RealServer server, params (string Name, string Value)[] metadata) => Yaml.Component(
        "pubsub", "pubsub.redis",
        [("redisHost", $"127.0.0.1:{server.Port}"), ("processingTimeout", "1000"), ("redeliverInterval", "200"), .. metadata]);

    [Fact]
    public async Task Streams_groups_and_fields_are_those_of_daprd()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Component(server), app);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        var database = redis.GetDatabase();

        await dapr.PublishAsync("pubsub/x?metadata.cloudevent.type=t&metadata.b=2", "{}");
        await app.WaitForAsync("/t/x");
        await database.StreamAddAsync("x", [new("data", """{"id":"foreign"}"""), new("metadata", """{"k":"v"}""")]);

        var entry = (await database.StreamRangeAsync("x"))[0];
        Assert.Equal(["data", "metadata"], entry.Values.Select(field => (string)field.Name!));
        Assert.StartsWith("""{"data":{},"datacontenttype":"application/json","id":""", (string)entry["data"]!);
        Assert.Equal("""{"b":"2","cloudevent.type":"t"}""", (string)entry["metadata"]!);
        var foreign = (await app.WaitForAsync("/t/x", 2))[1];
        Assert.Equal(("""{"id":"foreign"}""", "v"), (foreign.Body, foreign.Headers["k"]));
        Assert.Equal("app", Assert.Single(await database.StreamGroupInfoAsync("x")).Name);
        await Eventually.IsTrueAsync(
            () => database.StreamPending("x", "app").PendingMessageCount == 0, TimeSpan.FromSeconds(10), () => "still pending");
    }

    [Fact]
    public async Task Messages_published_before_a_subscribers_first_start_await_it()
    {
        await using var server = await StartServerAsync();
        await using (var early = await TestSidecar.StartAsync(Component(server)))
            for (var i = 0; i < 20; i++) Assert.Equal((204, ""), await early.PublishAsync("pubsub/x", $"{i}"));

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Component(server), app);

        Assert.Equal(Enumerable.Range(0, 20), (await app.WaitForAsync("/t/x", 20)).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_failed_message_is_acknowledged_and_lost_but_a_slow_one_comes_twice()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "fails", "slow");
        await using var dapr = await PubSubTest.StartAsync(Component(server), app);
        app.Answer("/t/fails", 500);
        app.Answers["/t/slow"] = http =>
            app.At("/t/slow").Count == 1 ? Task.Delay(Timeout.Infinite, http.RequestAborted) : Task.CompletedTask;

        await dapr.PublishAsync("pubsub/fails", "1");
        await dapr.PublishAsync("pubsub/slow", "2");

        await app.WaitForAsync("/t/slow", 2);
        Assert.Single(app.At("/t/fails"));
    }

    [Fact]
    public async Task A_stream_keeps_about_as_many_messages_as_it_may()
    {
        await using var server = await StartServerAsync();
        await using var dapr = await TestSidecar.StartAsync(Component(server, ("maxLenApprox", "100")));
        var body = "[" + string.Join(',', Enumerable.Range(0, 1000).Select(
            n => $$"""{"entryId":"{{n}}","event":{{n}},"contentType":"application/json"}""")) + "]";

        await dapr.PublishAsync("bulk/pubsub/x", body);

        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        Assert.InRange(await redis.GetDatabase().StreamLengthAsync("x"), 100, 300);
    }

    [Fact]
    public async Task A_redis_that_lost_everything_is_used_again()
    {
        await using var server = await StartServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "x");
        await using var dapr = await PubSubTest.StartAsync(Component(server), app);
        await dapr.PublishAsync("pubsub/x", "1");
        await app.WaitForAsync("/t/x");

        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
        await redis.GetServers()[0].FlushAllDatabasesAsync();
        await dapr.PublishAsync("pubsub/x", "2");

        Assert.Equal([1, 2], (await app.WaitForAsync("/t/x", 2)).Select(PubSubTest.Number));
    }
}
