namespace Ticketing.Sidecar.Invocation;

static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the answer to {Path} broke off: {Error}")]
    public static partial void BrokeOff(ILogger log, string path, string error);
}
