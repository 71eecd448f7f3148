namespace Ticketing.Sidecar.PubSub;

static partial class PubSubLog
{
    [LoggerMessage(LogLevel.Error, "queue file {Path}: a transaction failed")]
    public static partial void QueueFileFailed(ILogger log, Exception error, string path);

    [LoggerMessage(
        LogLevel.Warning, "{Consumer} does not keep up with topic {Topic}: its oldest broadcast message was dropped")]
    public static partial void EphemeralOverflow(ILogger log, string consumer, string topic);

    [LoggerMessage(LogLevel.Error, "redis streams: error {Doing} {Topics}: {Reason}")]
    public static partial void RedisFailed(ILogger log, string doing, string topics, string reason);

    [LoggerMessage(LogLevel.Error, "rabbitmq: error {Doing} {Name}: {Reason}")]
    public static partial void RabbitFailed(ILogger log, string doing, string name, string reason);

    [LoggerMessage(LogLevel.Warning, "no subscription to topic {Topic} of {PubSub}: {Reason}")]
    public static partial void SubscriptionRefused(ILogger log, string pubSub, string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "{AppId}: no subscriptions of the app's own: {Reason}")]
    public static partial void NoSubscriptions(ILogger log, string appId, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: subscribing to topic {Topic} of {PubSub} failed, trying again: {Reason}")]
    public static partial void SubscribeFailed(ILogger log, string appId, string pubSub, string topic, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: a message of topic {Topic} of {PubSub} cannot be delivered: {Reason}")]
    public static partial void Undeliverable(ILogger log, string appId, string pubSub, string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "{AppId}: attempt {Attempt} at event {EventId} of topic {Topic} failed: {Reason}")]
    public static partial void AttemptFailed(
        ILogger log, string appId, int attempt, string eventId, string topic, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: a dead letter of topic {Topic} did not reach {DeadLetterTopic}: {Reason}")]
    public static partial void NotDeadLettered(
        ILogger log, string appId, string topic, string deadLetterTopic, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: handling a message of topic {Topic} broke")]
    public static partial void HandlerBroke(ILogger log, Exception error, string appId, string topic);

    [LoggerMessage(LogLevel.Information, "{AppId}: subscribed to {Topics}")]
    public static partial void Subscribed(ILogger log, string appId, string topics);
}
