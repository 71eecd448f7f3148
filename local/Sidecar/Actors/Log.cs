namespace Ticketing.Sidecar.Actors;

static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{AppId}: hosting actors {Types}")]
    public static partial void Hosting(ILogger log, string appId, string types);

    [LoggerMessage(LogLevel.Warning, "{AppId}: hosting no actors, /dapr/config is of no use: {Fault}")]
    public static partial void NotHosting(ILogger log, string appId, string fault);

    [LoggerMessage(LogLevel.Warning, "{AppId}: actor {Actor} moves away, though its calls are not done")]
    public static partial void DrainTimedOut(ILogger log, string appId, string actor);

    [LoggerMessage(LogLevel.Warning, "{AppId}: actor {Actor} was not deactivated in order: {Error}")]
    public static partial void DeactivationFailed(ILogger log, string appId, string actor, string error);

    [LoggerMessage(LogLevel.Error, "{AppId}: timer {Timer} failed, its tick is lost: {Error}")]
    public static partial void TimerFailed(ILogger log, string appId, string timer, string error);

    [LoggerMessage(LogLevel.Warning, "{AppId}: waiting for the store to tell the reminders of {Type}: {Error}")]
    public static partial void RemindersNotLoaded(ILogger log, string appId, string type, string error);

    [LoggerMessage(LogLevel.Error, "reminder {Key} cannot be read, and does not come: {Error}")]
    public static partial void ReminderUnreadable(ILogger log, string key, string error);

    [LoggerMessage(LogLevel.Error, "reminder {Reminder} was not delivered, trying again")]
    public static partial void ReminderBroke(ILogger log, Exception error, string reminder);

    [LoggerMessage(LogLevel.Error, "reminder {Reminder} failed, attempt {Attempt}: {Error}")]
    public static partial void ReminderFailed(ILogger log, string reminder, int attempt, string error);

    [LoggerMessage(LogLevel.Error,
        "reminder {Reminder} may come again after a restart, its progress was not kept: {Error}")]
    public static partial void ReminderNotKept(ILogger log, string reminder, string error);
}
