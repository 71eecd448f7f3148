using Spectre.Console;

namespace Ticketing.Run;

/// <summary>Shows what each app is doing until all are ready: a list in a terminal, else a line per change.</summary>
static class StartBoard
{
    static readonly TimeSpan RedrawEvery = TimeSpan.FromMilliseconds(200);

    public static Task Watch(Shop shop, Task ready, ConsoleLog log, bool terminal) =>
        terminal ? Live(shop, ready, log) : Lines(shop, ready, log);

    static async Task Live(Shop shop, Task ready, ConsoleLog log)
    {
        log.HoldBack();
        try
        {
            await AnsiConsole.Live(Draw(shop)).AutoClear(true).StartAsync(async display =>
            {
                while (await Pause(ready)) display.UpdateTarget(Draw(shop));
            });
        }
        finally
        {
            log.LetGo(print: !ready.IsCompletedSuccessfully);
        }
    }

    static Table Draw(Shop shop)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("app", "address", "state");
        foreach (var member in shop.Members)
        {
            var color = member.IsReady ? "green" : member.Process.Failures > 0 ? "red" : "yellow";
            table.AddRow(
                new Text(member.Instance.Name), new Text(member.Instance.Address.ToString().TrimEnd('/')),
                new Markup($"[{color}]{member.Status.EscapeMarkup()}[/]"));
        }

        return table;
    }

    static async Task Lines(Shop shop, Task ready, ConsoleLog log)
    {
        var told = new Dictionary<Member, string>();
        do
        {
            foreach (var member in shop.Members.Where(member => told.GetValueOrDefault(member) != member.Status))
                log.Say(member.Instance.Name, told[member] = member.Status);
        }
        while (await Pause(ready));
    }

    /// <summary>False once there is nothing left to wait for.</summary>
    static async Task<bool> Pause(Task ready)
    {
        if (ready.IsCompleted) return false;
        await Task.WhenAny(ready, Task.Delay(RedrawEvery));
        return true;
    }
}
