namespace Ticketing.Tickets;

static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "The catalog is complete: {Count} tickets.")]
    public static partial void CatalogComplete(this ILogger log, int count);

    [LoggerMessage(101, LogLevel.Warning, "The catalog could not be compared with the store, trying again: {Reason}")]
    public static partial void CatalogLoadFailed(this ILogger log, string reason);

    [LoggerMessage(102, LogLevel.Warning, "The lock of ticket {Id} is past its deadline; orders was asked about it.")]
    public static partial void LockOverdue(this ILogger log, string id);

    [LoggerMessage(103, LogLevel.Warning, "{Count} live streams were closed: their clients read too slowly.")]
    public static partial void StreamsCutOff(this ILogger log, int count);

    [LoggerMessage(104, LogLevel.Warning, "The search could not be written, trying again: {Reason}")]
    public static partial void SearchNotWritten(this ILogger log, string reason);
}
