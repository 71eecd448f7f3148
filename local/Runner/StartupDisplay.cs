using System.Diagnostics;
using Spectre.Console;

namespace Ticketing.Run;

/// <summary>Shows each app's status until all are ready: a table in a terminal, else a line per change.</summary>
static class StartupDisplay
{
    static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>After this, what is still missing is said, and where to look.</summary>
    static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(60);

    public static Task Show(LocalSystem system, Task ready, ConsoleLog log, bool terminal) =>
        terminal ? ShowTable(system, ready, log) : PrintChanges(system, ready, log);

    static async Task ShowTable(LocalSystem system, Task ready, ConsoleLog log)
    {
        var start = Stopwatch.StartNew();
        log.Pause();
        try
        {
            await AnsiConsole.Live(Draw(system)).AutoClear(true).StartAsync(async display =>
            {
                while (await Pause(ready))
                    display.UpdateTarget(start.Elapsed < SlowAfter ? Draw(system)
                        : new Rows(Draw(system), new Text(string.Join('\n', SlowStart.Report(system.Apps)))));
            });
        }
        finally
        {
            log.Resume(print: !ready.IsCompletedSuccessfully);
        }
    }

    static Table Draw(LocalSystem system)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("app", "address", "state");
        foreach (var app in system.Apps)
        {
            var color = app.IsReady ? "green" : app.Process.Failures > 0 ? "red" : "yellow";
            table.AddRow(
                new Text(app.Instance.Name), new Text(app.Instance.Address.ToString().TrimEnd('/')),
                new Markup($"[{color}]{app.Status.EscapeMarkup()}[/]"));
        }

        return table;
    }

    static async Task PrintChanges(LocalSystem system, Task ready, ConsoleLog log)
    {
        var start = Stopwatch.StartNew();
        var isReported = false;
        var printed = new Dictionary<RunningApp, string>();
        do
        {
            foreach (var app in system.Apps.Where(app => printed.GetValueOrDefault(app) != app.Status))
                log.Write(app.Instance.Name, printed[app] = app.Status);
            if (isReported || start.Elapsed < SlowAfter) continue;
            isReported = true;
            foreach (var line in SlowStart.Report(system.Apps)) log.Write("start", line);
        }
        while (await Pause(ready));
    }

    /// <summary>False once the start has ended.</summary>
    static async Task<bool> Pause(Task ready)
    {
        if (ready.IsCompleted) return false;
        await Task.WhenAny(ready, Task.Delay(RedrawEvery));
        return true;
    }
}
