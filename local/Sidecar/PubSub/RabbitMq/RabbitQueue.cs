using RabbitMQ.Client;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>The queue of one subscription: named <c>{consumerID}-{topic}</c>, bound to the topic's exchange.</summary>
sealed class RabbitQueue(RabbitSettings settings, string topic, IReadOnlyDictionary<string, string> metadata)
{
    public string Name { get; } = metadata.GetValueOrDefault("queueName", "") is { Length: > 0 } named
        ? named
        : $"{settings.ConsumerId}-{topic}";

    /// <summary>What is there already must be the same in every respect, or the broker closes the channel.</summary>
    public async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(
            topic, settings.ExchangeKind, settings.Durable, settings.DeletedWhenUnused, cancellationToken: ct);
        var arguments = Limits();
        if (settings.EnableDeadLetter) arguments["x-dead-letter-exchange"] = await DeclareDeadLettersAsync(channel, ct);
        AddSubscriptionArguments(arguments);
        await channel.QueueDeclareAsync(
            Name, settings.Durable, exclusive: false, settings.DeletedWhenUnused, arguments, cancellationToken: ct);
        if (settings.PrefetchCount > 0) await channel.BasicQosAsync(0, settings.PrefetchCount, global: false, ct);
        foreach (var key in metadata.GetValueOrDefault("routingKey", "").Split(','))
            await channel.QueueBindAsync(Name, topic, key, cancellationToken: ct);
    }

    async Task<string> DeclareDeadLettersAsync(IChannel channel, CancellationToken ct)
    {
        var (exchange, queue) = ($"dlx-{Name}", $"dlq-{Name}");
        await channel.ExchangeDeclareAsync(
            exchange, "fanout", durable: true, settings.DeletedWhenUnused, cancellationToken: ct);
        var arguments = Limits();
        arguments["x-queue-mode"] = "lazy";
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, settings.DeletedWhenUnused, arguments, cancellationToken: ct);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: ct);
        return exchange;
    }

    Dictionary<string, object?> Limits()
    {
        var arguments = new Dictionary<string, object?>();
        if (settings.MaxLen > 0) arguments["x-max-length"] = settings.MaxLen;
        if (settings.MaxLenBytes > 0) arguments["x-max-length-bytes"] = settings.MaxLenBytes;
        return arguments;
    }

    /// <exception cref="FormatException">The subscription's metadata asks for something that does not
    /// exist.</exception>
    void AddSubscriptionArguments(Dictionary<string, object?> arguments)
    {
        if (Number("maxPriority") is { } priority)
            arguments["x-max-priority"] = (byte)Math.Min(priority, byte.MaxValue);
        arguments["x-queue-type"] = metadata.GetValueOrDefault("queueType", "") switch
        {
            "" or "classic" => "classic",
            "quorum" => "quorum",
            var other => throw new FormatException($"invalid queue type {other}. Valid types are classic and quorum"),
        };
        if (ComponentProperties.IsTruthy(metadata.GetValueOrDefault("singleActiveConsumer")))
            arguments["x-single-active-consumer"] = true;
        if (Number("maxLenBytes") is { } bytes) arguments["x-max-length-bytes"] = bytes;
        if (Number("maxLen") is { } length) arguments["x-max-length"] = length;
    }

    long? Number(string name)
    {
        if (metadata.GetValueOrDefault(name, "") is not { Length: > 0 } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"can't parse {name} value {text} of the subscription's metadata");
    }
}
