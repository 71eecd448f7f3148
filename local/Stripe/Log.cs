namespace Ticketing.StripeServer;

static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{operation}: injected fault {fault}")]
    public static partial void Fault(this ILogger log, string operation, FaultKind fault);

    [LoggerMessage(LogLevel.Warning, "Webhook {eventId}, attempt {attempt}: {outcome}")]
    public static partial void NotDelivered(this ILogger log, string eventId, int attempt, string outcome);

    [LoggerMessage(LogLevel.Error, "Webhook {eventId} given up after {attempt} attempts")]
    public static partial void GivenUp(this ILogger log, string eventId, int attempt);

    [LoggerMessage(LogLevel.Error, "Background work failed; it is tried again")]
    public static partial void RoundFailed(this ILogger log, Exception why);
}
