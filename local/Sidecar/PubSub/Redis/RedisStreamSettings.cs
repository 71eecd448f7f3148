using Ticketing.Sidecar.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary>The metadata of <c>pubsub.redis</c>, with daprd's defaults; durations without a unit are
/// milliseconds.</summary>
/// <param name="ConsumerId">Names the consumer group of every stream, and every replica's consumer in it.</param>
/// <param name="ProcessingTimeout">How long a message may be pending before another consumer claims it; zero: for
/// ever.</param>
/// <param name="MaxLenApprox">About how many messages a stream keeps, read or not; zero: all.</param>
sealed record RedisStreamSettings(
    string ConsumerId, TimeSpan ProcessingTimeout, TimeSpan RedeliverInterval, int QueueDepth, int Concurrency,
    int MaxLenApprox)
{
    public static readonly MetadataSchema Schema = RedisSettings.Schema.And(
    [
        .. PubSubFields.Common, "processingTimeout", "redeliverInterval", "queueDepth", "concurrency", "maxLenApprox",
    ]);

    public static RedisStreamSettings Read(ComponentProperties properties, string appId)
    {
        var millisecond = TimeSpan.FromMilliseconds(1);
        return new(
            properties.Text("consumerID", appId),
            properties.Duration("processingTimeout", TimeSpan.FromSeconds(60), millisecond),
            properties.Duration("redeliverInterval", TimeSpan.FromSeconds(15), millisecond),
            properties.Number("queueDepth", 100), properties.Number("concurrency", 10),
            properties.Number("maxLenApprox", 0));
    }

    public bool Reclaims => ProcessingTimeout > TimeSpan.Zero && RedeliverInterval > TimeSpan.Zero;
}
