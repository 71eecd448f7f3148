using Microsoft.Extensions.Logging;

namespace Ticketing.Fuzz.Tests;

/// <summary>Counts a host's errors in its log, and keeps the last one.</summary>
sealed class ErrorLog : ILoggerProvider
{
    int count;

    public int Count => Volatile.Read(ref count);
    public string Last { get; private set; } = "";
    /// <summary>The logger's category.</summary>
    public string LastCategory { get; private set; } = "";

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    // The server answers before it has read the body. If that turns out malformed afterwards, Kestrel logs an error of its
    // own; whether it has read so far by then is a matter of time.
    static bool IsOfTheClient(Exception? exception) => exception is InvalidOperationException
        && exception.StackTrace?.Contains("Http1ChunkedEncodingMessageBody", StringComparison.Ordinal) is true;

    sealed class Logger(ErrorLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            // Always formatted: an exception while formatting a log line is a bug too.
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            if (logLevel < LogLevel.Error || IsOfTheClient(exception))
                return;
            (log.Last, log.LastCategory) = (line, category);
            Interlocked.Increment(ref log.count);
        }
    }
}
