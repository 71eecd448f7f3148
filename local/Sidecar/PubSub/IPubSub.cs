namespace Ticketing.Sidecar.PubSub;

/// <summary>A broker: publishes bytes to a topic, and delivers bytes of subscribed topics to a handler.</summary>
public interface IPubSub : IComponent
{
    /// <summary>Returns when the broker has accepted the message.</summary>
    Task PublishAsync(BrokerMessage message, CancellationToken ct);

    /// <summary>Delivers until the result is disposed; disposing waits for running handlers.</summary>
    Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct);
}

public sealed record BrokerMessage(
    string Topic, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <param name="Handle">True: the message is settled; false: it failed, and the broker may redeliver it.</param>
public sealed record BrokerSubscription(string Topic, Func<BrokerMessage, CancellationToken, Task<bool>> Handle);
