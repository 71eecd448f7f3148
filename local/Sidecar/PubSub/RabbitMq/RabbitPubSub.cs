namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary><c>pubsub.rabbitmq</c>: an exchange per topic, a queue per consumerID and topic; exchanges, queues and
/// messages are the same as daprd's, so that one can replace the other.</summary>
/// <remarks>A message published before its queue exists is lost, although confirmed: subscribe first on a new broker. A
/// failed message is requeued at once and without limit, or discarded, according to <c>requeueInFailure</c>.</remarks>
sealed class RabbitPubSub : IPubSub
{
    public static readonly ComponentType Type = new(
        "pubsub.rabbitmq", ["v1"], RabbitSettings.Schema, context => new RabbitPubSub(context));

    readonly ComponentContext _context;
    readonly RabbitSettings _settings;
    readonly RabbitConnection _connection;
    readonly RabbitPublisher _publisher;

    RabbitPubSub(ComponentContext context)
    {
        _context = context;
        _settings = RabbitSettings.Read(context.Properties, context.Options.AppId);
        _connection = new RabbitConnection(RabbitSettings.Factory(context.Properties, context.Options.AppId));
        _publisher = new RabbitPublisher(_connection, _settings, context.Time, context.Log);
    }

    public IReadOnlyList<string> Capabilities { get; } = [BrokerCapabilities.MessageTtl];

    public async Task InitAsync(CancellationToken ct)
    {
        try
        {
            await using var channel = await _connection.OpenChannelAsync(confirms: false, ct);
        }
        catch (Exception error) when (RabbitConnection.IsFault(error))
        {
            throw new MetadataException("connectionString", error.Message, error);
        }
    }

    public Task PublishAsync(BrokerMessage message, CancellationToken ct) => _publisher.PublishAsync(message, ct);

    public async Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct)
    {
        var consumer = new RabbitConsumer(_connection, _settings, subscription, _context.Time, _context.Log);
        try
        {
            await consumer.StartAsync(ct);
            return consumer;
        }
        catch
        {
            await consumer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
