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

    // Without them the broker confirms what it throws away: there is no queue yet.
    [Fact]
    public async Task On_a_new_broker_with_the_shipped_definitions_nothing_is_lost_before_its_first_subscriber()
    {
        var server = await ServerAsync();
        await server.ImportToRabbit(await File.ReadAllTextAsync(
            Repository.At("components/rabbitmq/definitions.json"), Ct));
        await using (var publisher = await TestSidecar.StartAsync(Safe(server.Port), o => o with { AppId = "tickets" }))
        {
            for (var i = 0; i < 20; i++)
                Assert.Equal((204, ""), await publisher.PublishAsync("pubsub/tickets", $"{i}"));
        }

        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "tickets");
        await using var live = await RecordingApp.OfTopicsAsync("broadcast", "tickets");
        await using var orders = await PubSubTest.StartAsync(Safe(server.Port), app, o => o with { AppId = "orders" });
        await using var web = await PubSubTest.StartAsync(Broadcast(server.Port), live, o => o with { AppId = "web" });
        Assert.Equal(
            Enumerable.Range(0, 20), (await app.WaitForAsync("/t/tickets", 20)).Select(PubSubTest.Number).Order());

        // A replica's own queue goes when the replica has gone for good; the others never do.
        var queues = (await server.RabbitControl("list_queues", "name", "policy")).Split('\n')
            .Where(line => line.Contains("-tickets", StringComparison.Ordinal)).Select(line => line.Split('\t')).ToList();
        Assert.Equal("", Assert.Single(queues, queue => queue[0] == "orders-tickets")[1]);
        Assert.Equal("broadcast", Assert.Single(queues, queue => Guid.TryParse(queue[0][..^8], out _))[1]);
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
