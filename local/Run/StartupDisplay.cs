using Spectre.Console;

namespace Ticketing.Run;

/// <summary>Shows each app's status until all are ready: a table in a terminal, else a line per change.</summary>
static class StartupDisplay
{
    static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(200);

    public static Task Show(LocalSystem system, Task ready, ConsoleLog log, bool terminal) =>
        terminal ? ShowTable(system, ready, log) : PrintChanges(system, ready, log);

    static async Task ShowTable(LocalSystem system, Task ready, ConsoleLog log)
    {
        log.Pause();
        try
        {
            await AnsiConsole.Live(Draw(system)).AutoClear(true).StartAsync(async display =>
            {
                while (await Pause(ready)) display.UpdateTarget(Draw(system));
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
        var printed = new Dictionary<RunningApp, string>();
        do
        {
            foreach (var app in system.Apps.Where(app => printed.GetValueOrDefault(app) != app.Status))
                log.Write(app.Instance.Name, printed[app] = app.Status);
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
