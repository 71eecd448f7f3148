namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <summary>The message was refused: a consumer has more waiting messages than the component allows.</summary>
sealed class QueueFullException(string consumer, string topic, long waiting) : Exception(
    $"the queue of {consumer} for topic {topic} is full: {waiting} messages wait "
    + $"(raise waitingMax, or let {consumer} catch up)");
