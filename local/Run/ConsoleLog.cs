using Microsoft.Extensions.Logging;

namespace Ticketing.Run;

/// <summary>One stream of lines, each with the name of who said it. It can be held back for a while.</summary>
public sealed class ConsoleLog(TextWriter output, bool colors) : ILoggerProvider
{
    const int NameWidth = 10, HeldMax = 200;

    // Readable on a dark and on a light background alike.
    static readonly int[] Palette = [36, 33, 32, 35, 34, 96, 92, 95];

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _color = [];
    readonly Queue<(string Source, string Line)> _held = [];
    bool _holding;

    /// <summary>Of what is said meanwhile, the latest is kept until <see cref="LetGo"/>.</summary>
    public void HoldBack()
    {
        lock (_gate) _holding = true;
    }

    public void LetGo(bool print)
    {
        lock (_gate)
        {
            _holding = false;
            while (_held.TryDequeue(out var said))
                if (print) Print(said.Source, said.Line);
        }
    }

    public void Say(string source, string line)
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
        // The output belongs to the caller.
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
            log.Say("sidecars", $"{level}{formatter(state, exception)}");
            if (exception is not null) log.Say("sidecars", exception.ToString());
        }
    }
}
