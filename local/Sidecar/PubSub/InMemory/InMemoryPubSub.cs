namespace Ticketing.Sidecar.PubSub.InMemory;

/// <summary>Dapr's in-memory broker: a message without a subscriber is lost, and so is one whose handling fails. It
/// spans the sidecars of one <see cref="SidecarHost"/>, so that one app gets what another publishes.</summary>
sealed class InMemoryPubSub(ComponentContext context) : IPubSub
{
    readonly MessageBus _bus = context.Host.Shared(
        $"pubsub.in-memory {context.Component.Name}", () => new MessageBus());
    readonly string _consumer = context.Properties.Text("consumerID", context.Options.AppId);

    public static readonly ComponentType Type = new(
        "pubsub.in-memory", ["v1"], new MetadataSchema(PubSubFields.Common), context => new InMemoryPubSub(context));

    public IReadOnlyList<string> Capabilities { get; } = [BrokerCapabilities.SubscribeWildcards];

    public Task InitAsync(CancellationToken ct) => Task.CompletedTask;

    public Task PublishAsync(BrokerMessage message, CancellationToken ct) => _bus.PublishAsync(message, ct);

    public Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct) =>
        Task.FromResult<IAsyncDisposable>(_bus.Join(_consumer, subscription));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
