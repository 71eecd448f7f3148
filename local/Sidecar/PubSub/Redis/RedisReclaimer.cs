using System.Threading.Channels;
using StackExchange.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary>Claims entries of one stream that have been pending too long: their sidecar died or is too slow.</summary>
sealed class RedisReclaimer(
    IDatabase redis, RedisStreamSettings settings, RedisStream stream, ChannelWriter<RedisMessage> queue,
    TimeProvider time, ILogger log)
{
    public async Task RunAsync()
    {
        var stop = stream.Stopping.Token;
        try
        {
            using var ticks = new PeriodicTimer(settings.RedeliverInterval, time);
            do await ReclaimAsync(stop);
            while (await ticks.WaitForNextTickAsync(stop));
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            // No longer subscribed, or the component ends.
        }
    }

    async Task ReclaimAsync(CancellationToken stop)
    {
        try
        {
            while (await ClaimAsync(stop) > 0)
            {
                // Repeats while there is more.
            }
        }
        catch (Exception error) when (error is not (OperationCanceledException or ChannelClosedException))
        {
            PubSubLog.RedisFailed(log, "claiming", stream.Topic, error.Message);
        }
    }

    async Task<int> ClaimAsync(CancellationToken stop)
    {
        var pending = await redis.StreamPendingMessagesAsync(
            stream.Topic, settings.ConsumerId, Math.Max(1, settings.QueueDepth), RedisValue.Null).WaitAsync(stop);
        var timeout = (long)settings.ProcessingTimeout.TotalMilliseconds;
        var late = pending.Where(message => message.IdleTimeInMilliseconds >= timeout)
            .Select(message => message.MessageId).ToArray();
        if (late.Length == 0) return 0;

        var claimed = await redis.StreamClaimAsync(
            stream.Topic, settings.ConsumerId, settings.ConsumerId, timeout, late).WaitAsync(stop);
        foreach (var entry in claimed.Where(entry => !entry.IsNull))
        {
            var fields = entry.Values.Select(field => (field.Name, field.Value)).ToArray();
            await queue.WriteAsync(RedisMessage.Of(stream, entry.Id, fields), stop);
        }

        await ForgetDeletedAsync(late.Except(claimed.Select(entry => entry.Id)), stop);
        return claimed.Length;
    }

    // An entry that was trimmed from the stream stays pending for ever, unless it is acknowledged.
    async Task ForgetDeletedAsync(IEnumerable<RedisValue> ids, CancellationToken stop)
    {
        foreach (var id in ids)
            if ((await redis.StreamRangeAsync(stream.Topic, id, id).WaitAsync(stop)).Length == 0)
                await redis.StreamAcknowledgeAsync(stream.Topic, settings.ConsumerId, id).WaitAsync(stop);
    }
}
