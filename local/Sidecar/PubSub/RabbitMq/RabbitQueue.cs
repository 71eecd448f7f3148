using RabbitMQ.Client;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>The queue of one subscription: named <c>{consumerID}-{topic}</c>, bound to the topic's exchange.</summary>
sealed class RabbitQueue(RabbitSettings settings, string topic)
{
    public string Name { get; } = $"{settings.ConsumerId}-{topic}";

    /// <summary>An existing queue must have the same settings, or the broker closes the channel.</summary>
    public async Task DeclareAsync(IChannel channel, CancellationToken ct)
    {
        await channel.ExchangeDeclareAsync(
            topic, "fanout", settings.Durable, settings.DeletedWhenUnused, cancellationToken: ct);
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "classic" };
        if (settings.EnableDeadLetter) arguments["x-dead-letter-exchange"] = await DeclareDeadLettersAsync(channel, ct);
        await channel.QueueDeclareAsync(
            Name, settings.Durable, exclusive: false, settings.DeletedWhenUnused, arguments, cancellationToken: ct);
        if (settings.PrefetchCount > 0) await channel.BasicQosAsync(0, settings.PrefetchCount, global: false, ct);
        await channel.QueueBindAsync(Name, topic, "", cancellationToken: ct);
    }

    async Task<string> DeclareDeadLettersAsync(IChannel channel, CancellationToken ct)
    {
        var (exchange, queue) = ($"dlx-{Name}", $"dlq-{Name}");
        await channel.ExchangeDeclareAsync(
            exchange, "fanout", durable: true, settings.DeletedWhenUnused, cancellationToken: ct);
        var arguments = new Dictionary<string, object?> { ["x-queue-mode"] = "lazy" };
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, settings.DeletedWhenUnused, arguments, cancellationToken: ct);
        await channel.QueueBindAsync(queue, exchange, "", cancellationToken: ct);
        return exchange;
    }
}
