using StackExchange.Redis;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class RedisFixture() : ServerFixture(RealServer.Redis, RealServer.WhyNoRedis);

public sealed class RedisTests(RedisFixture fixture) : BrokerTests(fixture), IClassFixture<RedisFixture>
{
    private protected override string Safe(int port) => Component(port);

    private protected override string Broadcast(int port) => Yaml.Component(
        "broadcast", "pubsub.redis", ("redisHost", $"127.0.0.1:{port}"), ("consumerID", "{uuid}"));

    static string Component(int port, params (string Name, string Value)[] metadata) => Yaml.Component(
        "pubsub", "pubsub.redis",
        [("redisHost", $"127.0.0.1:{port}"), ("processingTimeout", "1000"), ("redeliverInterval", "200"), .. metadata]);

    [Fact]
    public async Task Streams_groups_and_fields_are_those_of_daprd()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var dapr = await PubSubTest.StartAsync(Component(server.Port), app);
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        var database = redis.GetDatabase();

        await dapr.PublishAsync($"pubsub/{Topic}?metadata.cloudevent.type=t&metadata.b=2", "{}");
        await app.WaitForAsync(Path);
        await database.StreamAddAsync(Topic, [new("data", """{"id":"foreign"}"""), new("metadata", """{"k":"v"}""")]);

        var entry = (await database.StreamRangeAsync(Topic))[0];
        Assert.Equal(["data", "metadata"], entry.Values.Select(field => (string)field.Name!));
        Assert.StartsWith("""{"data":{},"datacontenttype":"application/json","id":""", (string)entry["data"]!);
        Assert.Equal("""{"b":"2","cloudevent.type":"t"}""", (string)entry["metadata"]!);
        var foreign = (await app.WaitForAsync(Path, 2))[1];
        Assert.Equal(("""{"id":"foreign"}""", "v"), (foreign.Body, foreign.Headers["k"]));
        Assert.Equal("app", Assert.Single(await database.StreamGroupInfoAsync(Topic)).Name);
        await Eventually.Is(
            () => database.StreamPending(Topic, "app").PendingMessageCount == 0, TimeSpan.FromSeconds(10), () => "still pending");
    }

    [Fact]
    public async Task Messages_published_before_a_subscribers_first_start_await_it()
    {
        var server = await ServerAsync();
        await using (var early = await TestSidecar.StartAsync(Component(server.Port)))
            for (var i = 0; i < 20; i++) Assert.Equal((204, ""), await early.PublishAsync($"pubsub/{Topic}", $"{i}"));

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var dapr = await PubSubTest.StartAsync(Component(server.Port), app);

        Assert.Equal(Enumerable.Range(0, 20), (await app.WaitForAsync(Path, 20)).Select(PubSubTest.Number).Order());
    }

    [Fact]
    public async Task A_failed_message_is_acknowledged_and_lost_but_a_slow_one_comes_twice()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic, $"{Topic}.slow");
        await using var dapr = await PubSubTest.StartAsync(Component(server.Port), app);
        app.Answer(Path, 500);
        app.Answers[$"{Path}.slow"] = http =>
            app.At($"{Path}.slow").Count == 1 ? Task.Delay(Timeout.Infinite, http.RequestAborted) : Task.CompletedTask;

        await dapr.PublishAsync($"pubsub/{Topic}", "1");
        await dapr.PublishAsync($"pubsub/{Topic}.slow", "2");

        await app.WaitForAsync($"{Path}.slow", 2);
        Assert.Single(app.At(Path));
    }

    [Fact]
    public async Task A_stream_keeps_about_as_many_messages_as_it_may()
    {
        var server = await ServerAsync();
        await using var dapr = await TestSidecar.StartAsync(Component(server.Port, ("maxLenApprox", "100")));

        await dapr.PublishNumbersAsync($"pubsub/{Topic}", 1000);

        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port}");
        Assert.InRange(await redis.GetDatabase().StreamLengthAsync(Topic), 100, 300);
    }

    [Fact]
    public async Task A_redis_that_lost_everything_is_used_again()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var dapr = await PubSubTest.StartAsync(Component(server.Port), app);
        await dapr.PublishAsync($"pubsub/{Topic}", "1");
        await app.WaitForAsync(Path);

        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{server.Port},allowAdmin=true");
        await redis.GetServers()[0].FlushAllDatabasesAsync();
        await dapr.PublishAsync($"pubsub/{Topic}", "2");

        Assert.Equal([1, 2], (await app.WaitForAsync(Path, 2)).Select(PubSubTest.Number));
    }
}
