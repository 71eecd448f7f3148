using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ticketing.Run;

/// <summary>
/// The console, written in a thread of its own. Nobody reads it after Ctrl-S or behind a full pipe: then the queue
/// fills and what does not fit is dropped and counted, while sidecars and apps go on.
/// </summary>
sealed class ConsoleQueue : IDisposable
{
    public const int QueuedMax = 4096;
    static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(2);

    readonly BlockingCollection<(TextWriter To, string Text)> _queue = new(QueuedMax);
    readonly Lock _gate = new();
    readonly Thread _writing;
    int _dropped;

    public ConsoleQueue(TextWriter output, TextWriter errors)
    {
        // One queue for both keeps their order.
        (Out, Error) = (new Writer(this, output), new Writer(this, errors));
        _writing = new Thread(Write) { IsBackground = true, Name = "console" };
        _writing.Start();
    }

    /// <summary>The console of this process.</summary>
    public static ConsoleQueue Open() => new(
        Unlocked(1, Console.OpenStandardOutput, Console.Out.Encoding),
        Unlocked(2, Console.OpenStandardError, Console.Error.Encoding));

    // .NET's own stream takes the lock of Console.Out while it waits for a reader: all who print would wait with it.
    static StreamWriter Unlocked(int descriptor, Func<Stream> dotnets, Encoding encoding)
    {
        var stream = OperatingSystem.IsWindows()
            ? dotnets()
            : new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file has no reader to wait for, but a position that is shared with whoever else writes to it.
        return new(stream.CanSeek ? dotnets() : stream, encoding) { AutoFlush = true };
    }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    void Put(TextWriter to, string text)
    {
        lock (_gate)
        {
            if (_queue.IsAddingCompleted) return;
            if (_queue.TryAdd((to, _dropped == 0 ? text : Gap() + text))) _dropped = 0;
            else _dropped++;
        }
    }

    string Gap() => string.Create(
        CultureInfo.InvariantCulture, $"({_dropped} lines were not printed: nobody read this console.)\n");

    void Write()
    {
        foreach (var (to, text) in _queue.GetConsumingEnumerable())
        {
            try
            {
                to.Write(text);
            }
            catch (IOException)
            {
                // The console is gone, such as a terminal that was closed: the shop needs none.
            }
        }
    }

    /// <summary>Waits until all is printed, but not for long: perhaps nobody reads any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_dropped > 0) _queue.TryAdd((((Writer)Out).To, Gap()));
            _queue.CompleteAdding();
        }

        if (_writing.Join(DrainWithin)) _queue.Dispose();
    }

    /// <summary>Every overload of <see cref="TextWriter"/> ends in one of those here: one text each, not a character
    /// each.</summary>
    sealed class Writer(ConsoleQueue queue, TextWriter to) : TextWriter(CultureInfo.InvariantCulture)
    {
        public TextWriter To => to;

        public override Encoding Encoding => to.Encoding;

        public override void Write(char value) => queue.Put(to, value.ToString());

        public override void Write(string? value) => queue.Put(to, value ?? "");

        public override void Write(char[] buffer, int index, int count) => queue.Put(to, new(buffer, index, count));

        public override void WriteLine(string? value) => queue.Put(to, value + NewLine);
    }
}
