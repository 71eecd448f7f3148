using System.Threading.Channels;
using StackExchange.Redis;
using Ticketing.Sidecar.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary>Reads all subscribed streams on a connection of its own, which waits in Redis for the next message instead
/// of polling.</summary>
sealed class RedisStreamReader : IAsyncDisposable
{
    /// <summary>A stream subscribed during a blocking read is included in the next read.</summary>
    const int BlockMilliseconds = 500;

    static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    readonly ConnectionMultiplexer _connection;
    readonly RedisStreamSettings _settings;
    readonly ChannelWriter<RedisMessage> _queue;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly CancellationTokenSource _end = new();
    readonly SemaphoreSlim _changed = new(0);
    readonly Lock _gate = new();
    readonly Task _reading;
    RedisStream[] _streams = [];

    RedisStreamReader(
        ConnectionMultiplexer connection, RedisStreamSettings settings, ChannelWriter<RedisMessage> queue,
        TimeProvider time, ILogger log)
    {
        (_connection, _settings, _queue, _time, _log) = (connection, settings, queue, time, log);
        _reading = Task.Run(RunAsync);
    }

    public static async Task<RedisStreamReader> ConnectAsync(
        ConfigurationOptions options, RedisStreamSettings settings, ChannelWriter<RedisMessage> queue,
        TimeProvider time, ILogger log)
    {
        var waiting = options.Clone();
        waiting.AsyncTimeout += BlockMilliseconds;
        waiting.Protocol = RedisProtocol.Resp2;
        return new(await ConnectionMultiplexer.ConnectAsync(waiting), settings, queue, time, log);
    }

    /// <summary>From the beginning of the stream: a new consumer group gets all existing entries.</summary>
    public async Task CreateGroupAsync(IDatabase redis, string topic)
    {
        try
        {
            await redis.StreamCreateConsumerGroupAsync(topic, _settings.ConsumerId, "0", createStream: true);
        }
        catch (RedisServerException error) when (error.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // The group already exists.
        }
    }

    public void Add(RedisStream stream)
    {
        lock (_gate) _streams = [.. _streams, stream];
        _changed.Release();
    }

    public void Remove(RedisStream stream)
    {
        lock (_gate) _streams = [.. _streams.Where(other => other != stream)];
    }

    async Task RunAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var streams = _streams;
                if (streams.Length == 0) await _changed.WaitAsync(_end.Token);
                else await ReadAsync(streams);
            }
        }
        catch (OperationCanceledException)
        {
            // The component ends.
        }
    }

    async Task ReadAsync(RedisStream[] streams)
    {
        try
        {
            var result = await _connection.GetDatabase().ExecuteAsync("XREADGROUP", Arguments(streams))
                .WaitAsync(_end.Token);
            if (result.IsNull) return;
            foreach (var stream in (RedisResult[])result!)
                foreach (var message in Messages(streams, (RedisResult[])stream!))
                    await _queue.WriteAsync(message, _end.Token);
        }
        catch (RedisServerException error) when (error.Message.Contains("NOGROUP", StringComparison.Ordinal))
        {
            // Redis has lost its data, or the stream was deleted: create the group again.
            PubSubLog.RedisFailed(
                _log, "reading", string.Join(", ", streams.Select(stream => stream.Topic)), error.Message);
            foreach (var stream in streams) await RecreateGroupAsync(stream);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, the next turn of the loop tries again: an exception would end it for all streams.
            PubSubLog.RedisFailed(
                _log, "reading", string.Join(", ", streams.Select(stream => stream.Topic)), error.Message);
            await Task.Delay(PauseAfterFault, _time, _end.Token);
        }
    }

    async Task RecreateGroupAsync(RedisStream stream)
    {
        try
        {
            await CreateGroupAsync(_connection.GetDatabase(), stream.Topic);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            PubSubLog.RedisFailed(_log, "making the group of", stream.Topic, error.Message);
            await Task.Delay(PauseAfterFault, _time, _end.Token);
        }
    }

    object[] Arguments(RedisStream[] streams) =>
    [
        "GROUP", _settings.ConsumerId, _settings.ConsumerId, "COUNT", Math.Max(1, _settings.QueueDepth),
        "BLOCK", BlockMilliseconds,
        "STREAMS", .. streams.Select(stream => (RedisKey)stream.Topic), .. streams.Select(_ => ">"),
    ];

    // [name, [[id, [field, value, …]], …]]
    static IEnumerable<RedisMessage> Messages(RedisStream[] streams, RedisResult[] named)
    {
        var topic = (string)named[0]!;
        var stream = Array.Find(streams, stream => stream.Topic == topic)!;
        foreach (var entry in (RedisResult[])named[1]!)
        {
            var parts = (RedisResult[])entry!;
            var values = (RedisValue[])parts[1]!;
            var fields = values.Chunk(2).Select(pair => (pair[0], pair[1])).ToArray();
            yield return RedisMessage.Of(stream, (RedisValue)parts[0], fields);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        await _connection.DisposeAsync();
        _end.Dispose();
        _changed.Dispose();
    }
}
