namespace Ticketing.Sidecar.PubSub.InMemory;

/// <summary>Delivers each message to every consumer of its topic, one at a time: as in daprd, publishing waits while a
/// consumer handles the previous message, so a handler that publishes to its own topic deadlocks.</summary>
sealed class MessageBus
{
    readonly Lock _gate = new();
    readonly List<Consumer> _consumers = [];

    /// <remarks>If the publisher cancels, the message is still delivered.</remarks>
    public Task PublishAsync(BrokerMessage message, CancellationToken ct) =>
        Task.WhenAll(ConsumersOf(message.Topic).Select(consumer => HandOverAsync(consumer, message))).WaitAsync(ct);

    public IAsyncDisposable Join(string name, BrokerSubscription subscription)
    {
        lock (_gate)
        {
            var consumer = _consumers.Find(known => known.Name == name && known.Topic == subscription.Topic);
            if (consumer is null) _consumers.Add(consumer = new(name, subscription.Topic));
            consumer.Members.Add(subscription);
            return new Membership(this, consumer, subscription);
        }
    }

    async Task HandOverAsync(Consumer consumer, BrokerMessage message)
    {
        await consumer.Turn.WaitAsync();
        _ = HandleAsync(consumer, message);
    }

    async Task HandleAsync(Consumer consumer, BrokerMessage message)
    {
        try
        {
            // If it fails the message is lost: this broker stores nothing.
            if (Next(consumer) is { } member) await member.Handle(message, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // The subscriber stopped during the delivery.
        }
        finally
        {
            consumer.Turn.Release();
        }
    }

    List<Consumer> ConsumersOf(string topic)
    {
        lock (_gate) return _consumers.FindAll(consumer => consumer.Takes(topic));
    }

    // Replicas of one app take turns.
    BrokerSubscription? Next(Consumer consumer)
    {
        lock (_gate)
            return consumer.Members is [] ? null : consumer.Members[consumer.Taken++ % consumer.Members.Count];
    }

    sealed class Consumer(string name, string topic)
    {
        public string Name => name;
        public string Topic => topic;
        public List<BrokerSubscription> Members { get; } = [];
        public SemaphoreSlim Turn { get; } = new(1);
        public int Taken { get; set; }

        /// <summary>A subscribed topic <c>foo*</c> matches every longer topic with that prefix.</summary>
        public bool Takes(string published) =>
            published == topic
            || (topic is [.. var prefix, '*'] && published.Length > prefix.Length
                && published.StartsWith(prefix, StringComparison.Ordinal));
    }

    sealed class Membership(MessageBus bus, Consumer consumer, BrokerSubscription subscription) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            lock (bus._gate)
            {
                if (!consumer.Members.Remove(subscription)) return;
                if (consumer.Members.Count == 0) bus._consumers.Remove(consumer);
            }

            // The message being handled may be from this member.
            await consumer.Turn.WaitAsync();
            consumer.Turn.Release();
        }
    }
}
