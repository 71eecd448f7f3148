using System.Collections.Concurrent;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <summary>A durable broker in one file, for one machine: a queue per consumer and topic, messages on the disk before
/// publishing returns, and redelivery until a message is settled.</summary>
/// <remarks>Not a component of Dapr; it replaces Redis or RabbitMQ, with settings that lose no message. A consumerID
/// with <c>{uuid}</c> gives every sidecar a queue of its own, in memory, which ends with the sidecar.</remarks>
sealed class SqlitePubSub : IPubSub
{
    static readonly TimeSpan FirstRedelivery = TimeSpan.FromSeconds(1);

    readonly ComponentContext _context;
    readonly string _path;
    readonly QueueLimits _limits;
    readonly string _consumer;
    readonly bool _isEphemeral;
    readonly int _concurrency;
    readonly TimeSpan _redeliveryMax;
    readonly ConcurrentBag<ConsumerQueue> _ephemeral = [];
    QueueLoop? _loop;

    public SqlitePubSub(ComponentContext context)
    {
        _context = context;
        var properties = context.Properties;
        var second = TimeSpan.FromSeconds(1);
        _path = SqlitePath(properties.Text("connectionString", ""), context.Options.WorkingDirectory);
        _limits = new(
            properties.Duration("retention", TimeSpan.FromHours(24), second),
            properties.Number("retainedMax", 100_000),
            properties.Number("waitingMax", 1_000_000));
        _consumer = properties.Text("consumerID", context.Options.AppId);
        _isEphemeral = PubSubFields.IsBroadcast(context.Component);
        _concurrency = properties.Number("concurrency", 10);
        _redeliveryMax = properties.Duration("redeliverIntervalMax", TimeSpan.FromSeconds(30), second);
    }

    public static readonly ComponentType Type = new(
        "pubsub.sqlite", ["v1"],
        new MetadataSchema(
            [.. PubSubFields.Common, "concurrency", "retention", "retainedMax", "waitingMax", "redeliverIntervalMax"],
            "connectionString"),
        context => new SqlitePubSub(context));

    public IReadOnlyList<string> Capabilities { get; } = [];

    public Task InitAsync(CancellationToken ct)
    {
        // Components of all sidecars that name the same file share it, under the first one's limits.
        _loop = _context.Host.Shared(
            $"pubsub.sqlite {_path}", () => new QueueLoop(_path, _limits, _context.Time, _context.Log));
        return Task.CompletedTask;
    }

    public Task PublishAsync(BrokerMessage message, CancellationToken ct) => _loop!.PublishAsync(message).WaitAsync(ct);

    public async Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct)
    {
        var queue = await _loop!.OpenAsync(_consumer, subscription.Topic, _isEphemeral).WaitAsync(ct);
        if (_isEphemeral) _ephemeral.Add(queue);
        return new Subscription(this, queue, subscription);
    }

    // A broadcast queue outlives the subscription, so that an app misses nothing while it is unhealthy.
    public ValueTask DisposeAsync()
    {
        foreach (var queue in _ephemeral) _loop!.Close(queue);
        return ValueTask.CompletedTask;
    }

    static string SqlitePath(string connectionString, string directory)
    {
        var builder = new System.Data.Common.DbConnectionStringBuilder();
        if (connectionString.Contains('=')) builder.ConnectionString = connectionString;
        var path = builder.TryGetValue("data source", out var source) ? (string)source : connectionString;
        if (path.StartsWith("file:", StringComparison.Ordinal)) path = path["file:".Length..].Split('?')[0];
        return Path.GetFullPath(path, directory);
    }

    TimeSpan RedeliverAfter(int failures)
    {
        var doublings = Math.Min(failures - 1, 20);
        var wait = FirstRedelivery * Math.Pow(2, doublings);
        return wait < _redeliveryMax ? wait : _redeliveryMax;
    }

    /// <summary>A running subscription: <c>concurrency</c> workers, each with one message at a time.</summary>
    sealed class Subscription : IAsyncDisposable
    {
        readonly SqlitePubSub _broker;
        readonly ConsumerQueue _queue;
        readonly BrokerSubscription _wanted;
        readonly CancellationTokenSource _stop = new();
        readonly Task _workers;

        public Subscription(SqlitePubSub broker, ConsumerQueue queue, BrokerSubscription wanted)
        {
            (_broker, _queue, _wanted) = (broker, queue, wanted);
            _workers = Task.WhenAll(Enumerable.Range(0, broker._concurrency).Select(_ => Task.Run(TakeAsync)));
        }

        async Task TakeAsync()
        {
            while (!_stop.IsCancellationRequested)
            {
                Delivery delivery;
                try
                {
                    delivery = await _queue.TakeAsync(_stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                await HandleAsync(delivery);
            }
        }

        async Task HandleAsync(Delivery delivery)
        {
            var message = delivery.Message;
            try
            {
                BrokerMessage sent = new(message.Topic, message.Data, message.Metadata);
                if (await _wanted.Handle(sent, CancellationToken.None))
                    _broker._loop!.Settle(_queue, message.Id);
                else
                    _ = ReturnLaterAsync(delivery with { Failures = delivery.Failures + 1 });
            }
            catch (OperationCanceledException)
            {
                // The subscription ends; the message stays in the queue for the next one.
                _queue.Return(delivery);
            }
        }

        async Task ReturnLaterAsync(Delivery delivery)
        {
            await Task.Delay(_broker.RedeliverAfter(delivery.Failures), _broker._context.Time);
            _queue.Return(delivery);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _workers;
            _stop.Dispose();
        }
    }
}
