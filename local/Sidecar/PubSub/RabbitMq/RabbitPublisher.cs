using System.Collections.Concurrent;
using RabbitMQ.Client;

namespace Ticketing.Sidecar.PubSub.RabbitMq;

/// <summary>Publishes to one exchange per topic, on a channel of its own.</summary>
sealed class RabbitPublisher(RabbitConnection connection, RabbitSettings settings, TimeProvider time, ILogger log)
    : IAsyncDisposable
{
    const int AttemptsMax = 3;
    static readonly TimeSpan PauseOnOpenChannel = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim _opening = new(1);
    PublishChannel? _outlet;

    /// <summary>With publisherConfirm, completes when the broker has queued the message. Unlike daprd, fails if the
    /// broker refuses it.</summary>
    public async Task PublishAsync(BrokerMessage message, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            PublishChannel? outlet = null;
            try
            {
                outlet = await OpenAsync(ct);
                await outlet.DeclareAsync(message.Topic, settings, ct);
                await outlet.Channel.BasicPublishAsync(
                    message.Topic, "", mandatory: false, Properties(message.Metadata), message.Data, ct);
                return;
            }
            catch (Exception error) when (RabbitConnection.IsFault(error) && attempt < AttemptsMax)
            {
                PubSubLog.RabbitFailed(log, "publishing to", message.Topic, error.Message);
                await Task.Delay(
                    outlet is { Channel.IsOpen: true } ? PauseOnOpenChannel : settings.ReconnectWait, time, ct);
            }
        }
    }

    async Task<PublishChannel> OpenAsync(CancellationToken ct)
    {
        if (_outlet is { Channel.IsOpen: true } open) return open;
        await _opening.WaitAsync(ct);
        try
        {
            if (_outlet is { Channel.IsOpen: true } now) return now;
            if (_outlet is not null) await _outlet.Channel.DisposeAsync();
            return _outlet = new(await connection.OpenChannelAsync(settings.PublisherConfirm, ct));
        }
        finally
        {
            _opening.Release();
        }
    }

    BasicProperties Properties(IReadOnlyDictionary<string, string> metadata)
    {
        var properties = new BasicProperties { ContentType = "text/plain" };
        if (settings.DeliveryMode > 0) properties.DeliveryMode = (DeliveryModes)settings.DeliveryMode;
        if (MessageTtl.Find(metadata) is { } ttl)
            properties.Expiration = ((long)ttl.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return properties;
    }

    public async ValueTask DisposeAsync()
    {
        if (_outlet is not null) await _outlet.Channel.DisposeAsync();
        _opening.Dispose();
    }

    /// <summary>A channel and the exchanges that were declared on it.</summary>
    sealed class PublishChannel(IChannel channel)
    {
        readonly ConcurrentDictionary<string, bool> _declared = new();

        public IChannel Channel => channel;

        public async Task DeclareAsync(string exchange, RabbitSettings settings, CancellationToken ct)
        {
            if (_declared.ContainsKey(exchange)) return;
            await channel.ExchangeDeclareAsync(
                exchange, "fanout", settings.Durable, settings.DeletedWhenUnused, cancellationToken: ct);
            _declared.TryAdd(exchange, true);
        }
    }
}
