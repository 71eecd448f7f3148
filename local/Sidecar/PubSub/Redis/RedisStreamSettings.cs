using Ticketing.Sidecar.Redis;

namespace Ticketing.Sidecar.PubSub.Redis;

/// <summary>The metadata of <c>pubsub.redis</c>, with daprd's defaults; durations without a unit are
/// milliseconds.</summary>
/// <param name="ConsumerId">Names the consumer group of every stream, and every replica's consumer in it.</param>
/// <param name="ProcessingTimeout">How long a message may be pending before it is taken from whoever has it; zero: for
/// ever.</param>
/// <param name="MaxLenApprox">About how many messages a stream keeps, read or not; zero: all.</param>
/// <param name="StreamTtl">How long a stream keeps a message, read or not; zero: for ever.</param>
sealed record RedisStreamSettings(
    string ConsumerId,
    TimeSpan ProcessingTimeout,
    TimeSpan RedeliverInterval,
    int QueueDepth,
    int Concurrency,
    int MaxLenApprox,
    TimeSpan StreamTtl)
{
    /// <summary>A stream that keeps fewer may forget what a service has not read yet, after an outage of
    /// minutes.</summary>
    const int MaxLenSafe = 10_000;

    public static readonly MetadataSchema Schema = RedisSettings.Schema.And(
    [
        .. PubSubFields.Common, "processingTimeout", "redeliverInterval", "queueDepth", "concurrency", "maxLenApprox",
        "streamTTL",
    ]);

    public static RedisStreamSettings Read(ComponentProperties properties, string appId)
    {
        var millisecond = TimeSpan.FromMilliseconds(1);
        return new(
            properties.Text("consumerID", appId),
            properties.Duration("processingTimeout", TimeSpan.FromSeconds(60), millisecond),
            properties.Duration("redeliverInterval", TimeSpan.FromSeconds(15), millisecond),
            properties.Number("queueDepth", 100),
            properties.Number("concurrency", 10),
            properties.Number("maxLenApprox", 0),
            properties.Duration("streamTTL", TimeSpan.Zero, millisecond));
    }

    public bool Reclaims => ProcessingTimeout > TimeSpan.Zero && RedeliverInterval > TimeSpan.Zero;

    public IEnumerable<string> Risks()
    {
        if (!Reclaims)
            yield return "processingTimeout or redeliverInterval is 0: "
                + "what a sidecar had in hand when it died is never delivered";
        if (MaxLenApprox is > 0 and < MaxLenSafe)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"maxLenApprox is {MaxLenApprox}: what lies further behind is forgotten, read or not");
        if (StreamTtl > TimeSpan.Zero)
            yield return $"streamTTL is {StreamTtl}: what is older is forgotten, read or not";
    }
}
