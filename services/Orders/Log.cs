namespace Ticketing.Orders;

static partial class Log
{
    [LoggerMessage(101, LogLevel.Warning, "Old orders of {Ticket} could not be archived; they stay in the book.")]
    public static partial void NotArchived(this ILogger log, Exception e, string ticket);

    [LoggerMessage(102, LogLevel.Warning, "{Order} could not be listed for its buyer; its ticket's next event will.")]
    public static partial void NotListed(this ILogger log, Exception e, string order);
}
