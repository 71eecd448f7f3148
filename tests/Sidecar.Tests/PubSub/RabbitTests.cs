using RabbitMQ.Client;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class RabbitFixture() : ServerFixture(RealServer.Rabbit, RealServer.WhyNoRabbit);

public sealed class RabbitTests(RabbitFixture fixture) : BrokerTests(fixture), IClassFixture<RabbitFixture>
{
    static readonly (string Name, string Value)[] Settings =
    [
        ("durable", "true"), ("deletedWhenUnused", "false"), ("deliveryMode", "2"), ("publisherConfirm", "true"),
        ("requeueInFailure", "true"), ("prefetchCount", "20"), ("reconnectWaitSeconds", "1"),
    ];

    private protected override string Safe(int port) => Component(port, Settings);

    private protected override string Broadcast(int port) => Yaml.Component(
        "broadcast", "pubsub.rabbitmq", [("connectionString", Address(port)), ("consumerID", "{uuid}"), .. Settings]);

    static string Component(int port, params (string Name, string Value)[] metadata) =>
        Yaml.Component("pubsub", "pubsub.rabbitmq", [("connectionString", Address(port)), .. metadata]);

    static string Address(int port) => $"amqp://guest:guest@127.0.0.1:{port}";

    [Fact]
    public async Task Exchanges_queues_and_messages_are_those_of_daprd()
    {
        var server = await ServerAsync();
        var factory = new ConnectionFactory { Uri = new(Address(server.Port)) };
        await using var connection = await factory.CreateConnectionAsync(Ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Ct);
        // Declared beforehand, without arguments, as definitions.json does it.
        await channel.ExchangeDeclareAsync(Topic, "fanout", durable: true, autoDelete: false, cancellationToken: Ct);
        await channel.QueueDeclareAsync(
            $"app-{Topic}", durable: true, exclusive: false, autoDelete: false, cancellationToken: Ct);
        await channel.QueueBindAsync($"app-{Topic}", Topic, "", cancellationToken: Ct);

        await using (var dapr = await TestSidecar.StartAsync(Safe(server.Port)))
            await dapr.PublishAsync($"pubsub/{Topic}?metadata.ttlInSeconds=100&metadata.cloudevent.type=t", "{}");

        var message = await channel.BasicGetAsync($"app-{Topic}", autoAck: true, Ct);
        var body = System.Text.Encoding.UTF8.GetString(message!.Body.Span);
        Assert.StartsWith("""{"data":{},"datacontenttype":"application/json","id":""", body);
        var properties = message.BasicProperties;
        Assert.Equal(("text/plain", DeliveryModes.Persistent, "100000"),
            (properties.ContentType, properties.DeliveryMode, properties.Expiration));
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        await using var subscriber = await PubSubTest.StartAsync(Safe(server.Port), app);
        await channel.BasicPublishAsync(Topic, "", """{"id":"foreign"}"""u8.ToArray(), Ct);
        Assert.Equal("""{"id":"foreign"}""", Assert.Single(await app.WaitForAsync(Path)).Body);
    }

    [Fact]
    public async Task A_failed_message_is_requeued_at_once_or_thrown_away()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        app.Answers[Path] = http => Task.FromResult(http.Response.StatusCode = app.All.Count < 4 ? 500 : 200);
        await using (var requeueing = await PubSubTest.StartAsync(Safe(server.Port), app))
        {
            await requeueing.PublishAsync($"pubsub/{Topic}", "1");
            await requeueing.WaitForStepAsync(step => step.Kind == FlowKind.Settled);
            Assert.Equal([1, 1, 1, 1], app.All.Select(PubSubTest.Number));
        }

        app.Answers[Path] = http =>
            Task.FromResult(http.Response.StatusCode = PubSubTest.Number(app.All[^1]) == 2 ? 500 : 200);
        (string, string)[] forgetful =
            [.. Settings.Where(setting => setting.Name != "requeueInFailure"), ("requeueInFailure", "false")];
        await using var dapr = await PubSubTest.StartAsync(Component(server.Port, forgetful), app);
        await dapr.PublishAsync($"pubsub/{Topic}", "2");
        await dapr.WaitForStepAsync(step => step.Kind == FlowKind.Failed);
        await dapr.PublishAsync($"pubsub/{Topic}", "3");
        await dapr.WaitForStepAsync(step => step.Kind == FlowKind.Settled);
        Assert.Equal([1, 1, 1, 1, 2, 3], app.All.Select(PubSubTest.Number));
    }

    [Fact]
    public async Task In_single_mode_messages_come_in_order()
    {
        var server = await ServerAsync();
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", Topic);
        app.Answers[Path] = _ => Task.Delay(TimeSpan.FromMilliseconds(app.All.Count % 3), Ct);
        await using var dapr = await PubSubTest.StartAsync(
            Component(server.Port, [.. Settings, ("concurrencyMode", "single")]), app);

        for (var i = 0; i < 30; i++) await dapr.PublishAsync($"pubsub/{Topic}", $"{i}");

        Assert.Equal(Enumerable.Range(0, 30), (await app.WaitForAsync(Path, 30)).Select(PubSubTest.Number));
    }

    [Fact]
    public async Task Broadcast_and_shared_queues_of_one_topic_need_the_same_exchange()
    {
        var server = await ServerAsync();
        await using var host = new SidecarHost(Ticketing.Sidecar.Components.KnownComponents.Registry);
        await using var app = await RecordingApp.OfTopicsAsync("broadcast", Topic);
        var volatileBroadcast = Yaml.Component("broadcast", "pubsub.rabbitmq",
            ("connectionString", Address(server.Port)), ("consumerID", "{uuid}"),
            ("durable", "false"), ("deletedWhenUnused", "true"));
        await using var dapr = await PubSubTest.StartAsync(volatileBroadcast, app, host: host);
        await using var publisher = await TestSidecar.StartAsync(Safe(server.Port));

        var (status, body) = await publisher.PublishAsync($"pubsub/{Topic}", "1");

        Assert.Equal(500, status);
        Assert.Contains("inequivalent arg 'durable' for exchange", body);
    }
}
