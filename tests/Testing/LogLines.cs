using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ticketing.Testing;

/// <summary>The log lines of a service, for tests of what it must and must never log.</summary>
public sealed class LogLines : ILoggerProvider
{
    /// <summary>Lines that are kept; no test needs more.</summary>
    const int Max = 10_000;
    readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> All => lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

    public void Dispose() { }

    sealed class Logger(string category, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (lines.Count < Max)
                lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
        }
    }
}
