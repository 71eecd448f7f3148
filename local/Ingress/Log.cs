namespace Ticketing.Ingress;

static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Method} {Path}: no complete answer from {Service}: {Reason}")]
    public static partial void NoAnswer(this ILogger log, string method, PathString path, string service, string reason);
}
