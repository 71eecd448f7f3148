using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Key} may not have been saved (try {Attempt}); reading it again.")]
    public static partial void NotSaved(this ILogger log, string key, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "An event of {Subject} could not be published now; it is published again later.")]
    public static partial void NotPublished(this ILogger log, Exception e, string subject);

    [LoggerMessage(3, LogLevel.Warning, "The journal could not be written; others may take over this process's slots.")]
    public static partial void JournalNotWritten(this ILogger log, Exception e);

    [LoggerMessage(4, LogLevel.Warning, "{Key} could not be fenced or repeated; trying again later.")]
    public static partial void VisitFailed(this ILogger log, Exception e, string key);

    [LoggerMessage(5, LogLevel.Warning, "The journal could not be swept; trying again soon.")]
    public static partial void SweepFailed(this ILogger log, Exception e);

    [LoggerMessage(6, LogLevel.Information, "Took over {Count} slots of the dead process {Instance}.")]
    public static partial void TookOver(this ILogger log, int count, string instance);

    [LoggerMessage(7, LogLevel.Error, "The journal names {Key}, a kind this service does not store; not removed.")]
    public static partial void UnknownKind(this ILogger log, string key);

    [LoggerMessage(8, LogLevel.Error, "{Key} could not be changed.")]
    public static partial void CommitFailed(this ILogger log, Exception e, string key);

    [LoggerMessage(9, LogLevel.Warning, "{Key}: its pending effect cannot be performed or refreshed now.")]
    public static partial void EffectWaits(this ILogger log, Exception e, string key);

    [LoggerMessage(10, LogLevel.Error, "{Key}: its pending effect or refresh failed.")]
    public static partial void EffectFailed(this ILogger log, Exception bug, string key);

    [LoggerMessage(11, LogLevel.Error, "{Key} refused the outcome of an effect or a refresh: {Code}.")]
    public static partial void OutcomeRefused(this ILogger log, string key, string code);

    [LoggerMessage(12, LogLevel.Error, "The document {Key} cannot be parsed; what needs it fails until it is repaired.")]
    public static partial void Damaged(this ILogger log, Exception e, string key);

    [LoggerMessage(13, LogLevel.Debug, "The slot {Slot} could not be emptied; it is looked at again.")]
    public static partial void SlotNotEmptied(this ILogger log, Exception e, string slot);
}
