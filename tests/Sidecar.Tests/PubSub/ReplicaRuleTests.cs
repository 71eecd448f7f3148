using System.Diagnostics;
using System.Text.Encodings.Web;
using StackExchange.Redis;
using Ticketing.Common;
using PubSubs = Ticketing.Sidecar.PubSub;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>The routing rules of the services' broadcast subscriptions.</summary>
public sealed class ReplicaRuleTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    const int OldEvents = 100_000;
    static readonly DateTimeOffset Start = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Within = TimeSpan.FromSeconds(15);

    static string Envelope(string source, string? time, string data = "{}") =>
        $$"""{"data":{{data}},"id":"1","source":"{{source}}","specversion":"1.0"{{(time is null ? "" : $",\"time\":\"{time}\"")}},"type":"t"}""";

    [Theory]
    [InlineData("tickets/b", "2026-12-01T12:00:01Z", true)]
    [InlineData("tickets/a", "2026-12-01T12:00:01Z", false)]         // published by itself
    [InlineData("tickets", "2026-12-01T12:00:01Z", true)]            // by the build before
    [InlineData("tickets/b", "2026-12-01T11:50:00Z", true)]          // as old as it may be
    [InlineData("tickets/b", "2026-12-01T11:49:59Z", false)]
    [InlineData("tickets/b", "2026-12-01T06:50:00-05:00", true)]     // daprd writes its machine's offset
    [InlineData("tickets/b", "2026-12-01T13:49:59+02:00", false)]
    [InlineData("tickets/b", "2026-12-01T12:00:00.123456789Z", true)]
    [InlineData("tickets/b", null, true)]
    public void A_replica_gets_what_is_recent_and_of_others(string source, string? time, bool isDelivered)
    {
        var rule = new PubSubs.Expression(new Replica("tickets/a", Start).RecentOfOthers);
        var message = new PubSubs.BrokerMessage(
            "x", System.Text.Encoding.UTF8.GetBytes(Envelope(source, time)), new Dictionary<string, string>());
        Assert.Equal(isDelivered, rule.IsTrue(PubSubs.IncomingEvent.Read(message).ToVariables()!));
    }

    // On Redis a new consumer group begins at the stream's first entry.
    [Fact]
    public async Task A_long_stream_of_old_events_delays_a_new_replica_by_seconds_and_tells_it_nothing()
    {
        var server = await fixture.GetAsync();
        var (topic, replica) = ($"old-{Guid.NewGuid():n}", new Replica("tickets/a", DateTimeOffset.UtcNow));
        await FillAsync($"127.0.0.1:{server.Port}", topic);
        await using var app = await RecordingApp.StartAsync(
            $$$"""
            [{"pubsubname":"broadcast","topic":"{{{topic}}}","routes":{"rules":[
              {"match":"{{{JavaScriptEncoder.Default.Encode(replica.RecentOfOthers)}}}","path":"/t/x"}]}}]
            """);
        var watch = Stopwatch.StartNew();
        await using var dapr = await PubSubTest.StartAsync(Yaml.Component(
            "broadcast", "pubsub.redis", ("redisHost", $"127.0.0.1:{server.Port}"), ("consumerID", "{uuid}"),
            ("concurrency", "20"), ("maxLenApprox", "200000")), app);

        await dapr.PublishAsync($"broadcast/{topic}?metadata.cloudevent.source=tickets/b", "\"new\"");

        var received = await app.WaitForAsync("/t/x");
        Assert.True(watch.Elapsed < Within, $"{watch.Elapsed}");
        Assert.Contains("\"new\"", Assert.Single(received).Body, StringComparison.Ordinal);
    }

    static async Task FillAsync(string address, string topic)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
        var database = redis.GetDatabase();
        var padding = new string('x', 600);   // as long as a ticket's event
        var body = Envelope("tickets/b", $"{DateTimeOffset.UtcNow.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}", $"\"{padding}\"");
        for (var sent = 0; sent < OldEvents; sent += 1_000)
            await Task.WhenAll(Enumerable.Range(0, 1_000)
                .Select(_ => database.StreamAddAsync(topic, [new("data", body), new("metadata", "{}")])));
        Assert.Equal(OldEvents, await database.StreamLengthAsync(topic));
    }
}
