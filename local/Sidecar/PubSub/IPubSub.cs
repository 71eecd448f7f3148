namespace Ticketing.Sidecar.PubSub;

/// <summary>A broker: takes bytes for a topic, and hands bytes of subscribed topics to a handler.</summary>
public interface IPubSub : IComponent
{
    /// <summary>Returns once the broker has the message as safely as its settings promise.</summary>
    Task PublishAsync(BrokerMessage message, CancellationToken ct);

    /// <summary>Delivers until the result is disposed, which waits for handlers that are still running.</summary>
    Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct);
}

public sealed record BrokerMessage(
    string Topic, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <param name="Handle">True when the message is settled, false when it failed and the broker may do what it does
/// then.</param>
public sealed record BrokerSubscription(string Topic, Func<BrokerMessage, CancellationToken, Task<bool>> Handle);
