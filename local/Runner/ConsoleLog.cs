using Microsoft.Extensions.Logging;

namespace Ticketing.Run;

/// <summary>Writes the lines of all apps and sidecars, each with its source. It can be paused.</summary>
public sealed class ConsoleLog(TextWriter output, bool colors) : ILoggerProvider
{
    const int NameWidth = 10, HeldMax = 200;

    // Colors readable on dark and on light backgrounds.
    static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 92, 95];

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _color = [];
    readonly Queue<(string Source, string Line)> _held = [];
    bool _holding;

    /// <summary>Until <see cref="Resume"/> lines are buffered; only the latest are kept.</summary>
    public void Pause()
    {
        lock (_gate) _holding = true;
    }

    public void Resume(bool print)
    {
        lock (_gate)
        {
            _holding = false;
            while (_held.TryDequeue(out var said))
                if (print) Print(said.Source, said.Line);
        }
    }

    public void Write(string source, string line)
    {
        lock (_gate)
        {
            if (!_holding)
            {
                Print(source, line);
                return;
            }

            _held.Enqueue((source, line));
            if (_held.Count > HeldMax) _held.Dequeue();
        }
    }

    void Print(string source, string line)
    {
        if (!_color.TryGetValue(source, out var color)) _color[source] = color = Palette[_color.Count % Palette.Length];
        var name = source.PadRight(NameWidth);
        output.WriteLine(colors ? $"\e[{color}m{name} |\e[0m {line}" : $"{name} | {line}");
    }

    public ILogger CreateLogger(string categoryName) => new SidecarLogger(this);

    public void Dispose()
    {
        // The caller disposes of the output.
    }

    sealed class SidecarLogger(ConsoleLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            var level = logLevel >= LogLevel.Warning ? $"{logLevel}: " : "";
            log.Write("sidecars", $"{level}{formatter(state, exception)}");
            if (exception is not null) log.Write("sidecars", exception.ToString());
        }
    }
}
