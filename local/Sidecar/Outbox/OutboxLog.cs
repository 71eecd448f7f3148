namespace Ticketing.Sidecar.Outbox;

static partial class OutboxLog
{
    [LoggerMessage(LogLevel.Error, "{AppId}: the outbox of {Store} did not get its topic {Topic} of {PubSub}: {Reason}")]
    public static partial void NotSubscribed(
        ILogger log, string appId, string store, string topic, string pubSub, string reason);

    [LoggerMessage(LogLevel.Error, "{AppId}: an event in the outbox of {Store} was not passed on: {Reason}")]
    public static partial void NotPassedOn(ILogger log, string appId, string store, string reason);
}
