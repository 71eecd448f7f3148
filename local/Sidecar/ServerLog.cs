namespace Ticketing.Sidecar;

/// <summary>The web server's warnings and errors, in the host's log; not its line per request.</summary>
sealed class ServerLog(ILoggerFactory logs) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => logs.CreateLogger(categoryName);

    public void Dispose()
    {
        // The factory belongs to the host.
    }
}
