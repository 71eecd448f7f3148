using RabbitMQ.Client;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>The metadata of <c>pubsub.rabbitmq</c>, with daprd's defaults, several of which lose messages.</summary>
/// <param name="DeliveryMode">2: the broker writes messages to disk; 0 and 1: it does not.</param>
/// <param name="PrefetchCount">Messages one subscription has in hand; 0: as many as there are.</param>
/// <param name="MessageTtl">Null: messages live until they are taken.</param>
/// <param name="IsBroadcast">Every sidecar is a consumer of its own, whose queue may go with it.</param>
sealed record RabbitSettings(
    string ConsumerId,
    bool IsBroadcast,
    bool Durable,
    bool DeletedWhenUnused,
    bool AutoAck,
    byte DeliveryMode,
    bool RequeueInFailure,
    ushort PrefetchCount,
    bool PublisherConfirm,
    bool EnableDeadLetter,
    string ExchangeKind,
    bool IsSerial,
    long MaxLen,
    long MaxLenBytes,
    TimeSpan? MessageTtl,
    TimeSpan ReconnectWait)
{
    // daprd knows reconnectWait by its longer name only, and overlooks the shorter one that its documentation has.
    public static readonly MetadataSchema Schema = new(
    [
        .. PubSubFields.Common, "connectionString", "host", "protocol", "hostname", "username", "password", "durable",
        "deletedWhenUnused", "autoAck", "deliveryMode", "requeueInFailure", "prefetchCount", "publisherConfirm",
        "enableDeadLetter", "exchangeKind", "concurrencyMode", "maxLen", "maxLenBytes", "ttlInSeconds", "ttl",
        "reconnectWaitSeconds", "reconnectWait", "heartBeat", "clientName",
    ]);

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <exception cref="FormatException">A value is not one that the setting can have.</exception>
    public static RabbitSettings Read(Component component, ComponentProperties properties, string appId)
    {
        var deliveryMode = properties.Number("deliveryMode", 0);
        if (deliveryMode is < 0 or > 2)
            throw new MetadataException("deliveryMode", "invalid RabbitMQ delivery mode, accepted values are between 0 and 2");
        var kind = properties.Text("exchangeKind", "fanout");
        if (kind is not ("fanout" or "direct" or "topic" or "headers"))
            throw new MetadataException("exchangeKind", $"invalid RabbitMQ exchange kind {kind}");
        var mode = properties.Text("concurrencyMode", "parallel");
        if (mode is not ("single" or "parallel")) throw new MetadataException("concurrencyMode", $"invalid concurrency mode {mode}");
        return new(
            properties.Text("consumerID", appId),
            PubSubFields.IsBroadcast(component),
            properties.Flag("durable", true),
            properties.Flag("deletedWhenUnused", true),
            properties.Flag("autoAck"),
            (byte)deliveryMode,
            properties.Flag("requeueInFailure"),
            (ushort)Math.Clamp(properties.Number("prefetchCount", 0), 0, byte.MaxValue),
            properties.Flag("publisherConfirm"),
            properties.Flag("enableDeadLetter"),
            kind,
            mode == "single",
            properties.Number("maxLen", 0),
            properties.Number("maxLenBytes", 0),
            PubSub.MessageTtl.Find(properties.Values),
            properties.Duration(
                "reconnectWaitSeconds", properties.Duration("reconnectWait", 3 * Second, Second), Second));
    }

    /// <exception cref="FormatException">The connection string is none.</exception>
    public static ConnectionFactory Factory(ComponentProperties properties, string appId)
    {
        var factory = new ConnectionFactory
        {
            // The subscriptions declare and consume again by themselves, as daprd's do.
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ClientProvidedName = properties.Text("clientName", appId),
            RequestedHeartbeat = properties.Duration("heartBeat", 10 * Second, Second),
        };
        var text = properties.Text("connectionString", properties.Text("host", ""));
        if (text.Length > 0)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
                throw new MetadataException(AddressField(properties), "is not an amqp:// address");
            factory.Uri = uri;
            return factory;
        }

        var host = properties.Text("hostname", "localhost").Split(':');
        factory.HostName = host[0];
        if (host.Length > 1 && int.TryParse(host[1], out var port)) factory.Port = port;
        factory.UserName = properties.Text("username", factory.UserName);
        factory.Password = properties.Text("password", factory.Password);
        factory.Ssl.Enabled = properties.Text("protocol", "amqp") == "amqps";
        return factory;
    }

    /// <summary>The entry that says where the broker is.</summary>
    public static string AddressField(ComponentProperties properties) =>
        Array.Find(["connectionString", "host", "hostname"], field => properties.Text(field, "").Length > 0)
        ?? "connectionString";

    public IEnumerable<string> Risks()
    {
        if (!Durable && !IsBroadcast) yield return "durable is false: queues and what is in them go with the broker";
        if (DeletedWhenUnused && !IsBroadcast)
            yield return "deletedWhenUnused is true: a queue, and what is in it, goes with its last consumer";
        if (DeliveryMode != 2) yield return "deliveryMode is not 2: what is in a queue goes with the broker";
        if (!PublisherConfirm) yield return "publisherConfirm is false: a publish counts before the broker has it";
        if (AutoAck) yield return "autoAck is true: what a sidecar had in hand when it died is never delivered";
        if (!RequeueInFailure && !EnableDeadLetter)
            yield return "requeueInFailure is false: what an unhealthy app had in hand is thrown away";
        if (MaxLen > 0 || MaxLenBytes > 0)
            yield return "maxLen or maxLenBytes is set: a full queue forgets its oldest messages";
        if (MessageTtl is not null) yield return "ttlInSeconds is set: older messages are forgotten, taken or not";
    }
}
