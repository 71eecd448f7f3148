using System.Text;

namespace Ticketing.Run.Tests;

public sealed class ConsoleQueueTests
{
    [Fact]
    public async Task A_console_that_nobody_reads_stops_no_one_and_what_is_dropped_is_counted()
    {
        using var console = new StuckConsole();
        using (var queue = new ConsoleQueue(console, console))
        {
            queue.Out.WriteLine("first");
            console.Entered.Wait(TestContext.Current.CancellationToken);
            for (var line = 1; line <= ConsoleQueue.QueuedMax + 10; line++) queue.Out.WriteLine($"line {line}");
            console.Read.Set();
            await Eventually.Is(() => console.Lines.Contains($"line {ConsoleQueue.QueuedMax}", StringComparison.Ordinal));
            queue.Out.WriteLine("after");
        }

        var lines = console.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [$"line {ConsoleQueue.QueuedMax}", "(10 lines were not printed: nobody read this console.)", "after"], lines[^3..]);
    }

    [Fact]
    public async Task What_was_dropped_last_is_counted_at_the_end()
    {
        using var console = new StuckConsole();
        var queue = new ConsoleQueue(console, console);
        queue.Out.WriteLine("first");
        console.Entered.Wait(TestContext.Current.CancellationToken);
        for (var line = 1; line <= ConsoleQueue.QueuedMax + 3; line++) queue.Out.WriteLine($"line {line}");
        console.Read.Set();
        await Eventually.Is(() => console.Lines.Contains($"line {ConsoleQueue.QueuedMax}", StringComparison.Ordinal));
        queue.Dispose();
        Assert.EndsWith("(3 lines were not printed: nobody read this console.)\n", console.Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void It_ends_although_nobody_reads()
    {
        using var console = new StuckConsole();
        var queue = new ConsoleQueue(console, console);
        queue.Out.WriteLine("first");
        queue.Dispose();
        queue.Out.WriteLine("too late");
        console.Read.Set();
    }

    [Fact]
    public void Output_and_errors_keep_their_order()
    {
        using var both = new StringWriter();
        using (var queue = new ConsoleQueue(both, both))
        {
            queue.Out.Write("a{0}", 1);
            queue.Out.Write(' ');
            queue.Error.WriteLine("b");
            queue.Out.WriteLine();
        }

        Assert.Equal($"a1 b{Environment.NewLine}{Environment.NewLine}", both.ToString());
    }

    /// <summary>Takes nothing until <see cref="Read"/> is set.</summary>
    sealed class StuckConsole : TextWriter
    {
        readonly StringBuilder _read = new();

        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Read { get; } = new();

        public string Lines
        {
            get
            {
                lock (_read) return _read.ToString();
            }
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value)
        {
            Entered.Set();
            Read.Wait();
            lock (_read) _read.Append(value?.ReplaceLineEndings("\n"));
        }

        protected override void Dispose(bool disposing)
        {
            Entered.Dispose();
            Read.Dispose();
            base.Dispose(disposing);
        }
    }
}
