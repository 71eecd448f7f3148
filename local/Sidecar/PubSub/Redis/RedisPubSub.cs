using System.Threading.Channels;
using StackExchange.Redis;
using Ticketing.Sidecar.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary><c>pubsub.redis</c>: a stream per topic, a consumer group per consumerID, fields <c>data</c> and
/// <c>metadata</c>: compatible with daprd in both directions.</summary>
/// <remarks>As in daprd, a message whose handler failed is lost; redelivered are only messages that were being handled
/// when a sidecar died, or longer than processingTimeout. Workers are shared by all topics, so there is no
/// order.</remarks>
sealed class RedisPubSub(ComponentContext context) : IPubSub
{
    public static readonly ComponentType Type = new(
        "pubsub.redis", ["v1"], RedisStreamSettings.Schema, context => new RedisPubSub(context));

    readonly RedisStreamSettings _settings = RedisStreamSettings.Read(context.Properties, context.Options.AppId);
    Channel<RedisMessage> _queue = null!;
    ConnectionMultiplexer? _connection;
    RedisStreamReader? _reader;
    Task _workers = Task.CompletedTask;

    public IReadOnlyList<string> Capabilities { get; } = [];

    public async Task InitAsync(CancellationToken ct)
    {
        var options = RedisSettings.Read(context.Properties, context.Options.AppId);
        options.ReconnectRetryPolicy = new LinearRetry(500);
        _queue = Channel.CreateBounded<RedisMessage>(Math.Max(1, _settings.QueueDepth));
        try
        {
            _connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(RedisSettings.ConnectWithin, ct);
            _reader = await RedisStreamReader.ConnectAsync(options, _settings, _queue.Writer, context.Time, context.Log)
                .WaitAsync(RedisSettings.ConnectWithin, ct);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            var host = RedisSettings.Host(context.Properties);
            throw new MetadataException(RedisSettings.HostField,
                $"redis streams: error connecting to redis at {host}: {error.Message}", error);
        }

        _workers = Task.WhenAll(Enumerable.Range(0, _settings.Concurrency).Select(_ => Task.Run(WorkAsync)));
    }

    public async Task PublishAsync(BrokerMessage message, CancellationToken ct)
    {
        try
        {
            await _connection!.GetDatabase().ExecuteAsync("XADD", AddArguments(message)).WaitAsync(ct);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            throw new InvalidOperationException($"redis streams: error from publish: {error.Message}", error);
        }
    }

    object[] AddArguments(BrokerMessage message)
    {
        var arguments = new List<object> { (RedisKey)message.Topic };
        if (_settings.MaxLenApprox > 0) arguments.AddRange(["MAXLEN", "~", _settings.MaxLenApprox]);
        arguments.AddRange(
            ["*", "data", (RedisValue)message.Data, "metadata", (RedisValue)DaprJson.Write(json => json.WriteTexts(message.Metadata))]);
        return [.. arguments];
    }

    public async Task<IAsyncDisposable> SubscribeAsync(BrokerSubscription subscription, CancellationToken ct)
    {
        var stream = new RedisStream(subscription);
        await _reader!.CreateGroupAsync(_connection!.GetDatabase(), subscription.Topic).WaitAsync(ct);
        _reader.Add(stream);
        var reclaiming = _settings.Reclaims
            ? new RedisReclaimer(
                _connection.GetDatabase(), _settings, stream, _queue.Writer, context.Time, context.Log).RunAsync()
            : Task.CompletedTask;
        return new Subscription(_reader, stream, reclaiming);
    }

    async Task WorkAsync()
    {
        await foreach (var message in _queue.Reader.ReadAllAsync())
        {
            // The topic is no longer subscribed: the message stays pending until it is again.
            if (!message.Stream.InFlight.TryEnter()) continue;
            if (await IsDoneWithAsync(message)) _ = AcknowledgeAsync(message);
            else message.Stream.InFlight.Leave();
        }
    }

    /// <summary>Acknowledges a settled or failed message. One that timed out or was cancelled stays pending, and is
    /// claimed after processingTimeout, here or by another replica.</summary>
    async Task<bool> IsDoneWithAsync(RedisMessage message)
    {
        using var deadline = _settings.Reclaims
            ? new CancellationTokenSource(_settings.ProcessingTimeout, context.Time)
            : new CancellationTokenSource();
        try
        {
            await message.Stream.Subscription.Handle(message.ToBrokerMessage(), deadline.Token);
            return !deadline.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // Not awaited: the worker takes the next message, because waiting for Redis would take longer than the handler.
    async Task AcknowledgeAsync(RedisMessage message)
    {
        try
        {
            await _connection!.GetDatabase().StreamAcknowledgeAsync(
                message.Stream.Topic, _settings.ConsumerId, message.Id);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            // Not acknowledged: it will be delivered again.
            PubSubLog.RedisFailed(context.Log, "acknowledging", message.Stream.Topic, error.Message);
        }
        finally
        {
            message.Stream.InFlight.Leave();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_reader is not null) await _reader.DisposeAsync();
        _queue?.Writer.TryComplete();
        await _workers;
        if (_connection is not null) await _connection.DisposeAsync();
    }

    sealed class Subscription(RedisStreamReader reader, RedisStream stream, Task reclaiming) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            reader.Remove(stream);
            await stream.InFlight.StopAsync();
            await stream.Stopping.CancelAsync();
            await reclaiming;
        }
    }
}
