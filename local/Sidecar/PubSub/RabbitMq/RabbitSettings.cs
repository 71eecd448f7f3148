using RabbitMQ.Client;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>The metadata of <c>pubsub.rabbitmq</c>, with daprd's defaults, several of which lose messages.</summary>
/// <param name="DeliveryMode">2: the broker writes messages to disk; 0 and 1: it does not.</param>
/// <param name="PrefetchCount">The most unsettled messages of one subscription; 0: no limit.</param>
sealed record RabbitSettings(
    string ConsumerId, bool Durable, bool DeletedWhenUnused, byte DeliveryMode,
    bool RequeueInFailure, ushort PrefetchCount, bool PublisherConfirm, bool EnableDeadLetter, bool IsSerial,
    TimeSpan ReconnectWait)
{
    public static readonly MetadataSchema Schema = new(
    [
        .. PubSubFields.Common, "durable", "deletedWhenUnused", "deliveryMode", "requeueInFailure", "prefetchCount",
        "publisherConfirm", "enableDeadLetter", "concurrencyMode", "reconnectWaitSeconds",
    ], "connectionString");

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <exception cref="FormatException">A value is not one that the setting can have.</exception>
    public static RabbitSettings Read(ComponentProperties properties, string appId)
    {
        var deliveryMode = properties.Number("deliveryMode", 0);
        if (deliveryMode is < 0 or > 2)
            throw new MetadataException("deliveryMode", "invalid RabbitMQ delivery mode, accepted values are between 0 and 2");
        var mode = properties.Text("concurrencyMode", "parallel");
        if (mode is not ("single" or "parallel")) throw new MetadataException("concurrencyMode", $"invalid concurrency mode {mode}");
        return new(
            properties.Text("consumerID", appId),
            properties.Flag("durable", true), properties.Flag("deletedWhenUnused", true), (byte)deliveryMode,
            properties.Flag("requeueInFailure"),
            (ushort)Math.Clamp(properties.Number("prefetchCount", 0), 0, byte.MaxValue),
            properties.Flag("publisherConfirm"), properties.Flag("enableDeadLetter"), mode == "single",
            properties.Duration("reconnectWaitSeconds", 3 * Second, Second));
    }

    /// <exception cref="MetadataException">The connection string is invalid.</exception>
    public static ConnectionFactory Factory(ComponentProperties properties, string appId)
    {
        if (!Uri.TryCreate(properties.Text("connectionString", ""), UriKind.Absolute, out var uri)
            || uri.Scheme is not ("amqp" or "amqps"))
            throw new MetadataException("connectionString", "is not an amqp:// address");
        return new ConnectionFactory
        {
            Uri = uri,
            // The subscriptions recover by themselves, as daprd's do.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = appId,
            RequestedHeartbeat = 10 * Second,
        };
    }
}
