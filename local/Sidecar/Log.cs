namespace Ticketing.Sidecar;

static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{AppId}: sidecar on http {HttpPort}, grpc {GrpcPort}")]
    public static partial void Started(ILogger log, string appId, int httpPort, int grpcPort);

    [LoggerMessage(LogLevel.Information, "{AppId}: app is {Health}")]
    public static partial void AppHealth(ILogger log, string appId, string health);

    [LoggerMessage(LogLevel.Warning, "{AppId}: {Fault}")]
    public static partial void Resource(ILogger log, string appId, string fault);

    [LoggerMessage(LogLevel.Warning, "{AppId}: expired rows of {Component} were not removed this time")]
    public static partial void CleanupFailed(ILogger log, Exception error, string appId, string component);

    [LoggerMessage(
        LogLevel.Error, "{AppId}: the app is {Health}, and what follows from it failed; trying again: {Reason}")]
    public static partial void HookFailed(ILogger log, string appId, string health, string reason);
}
