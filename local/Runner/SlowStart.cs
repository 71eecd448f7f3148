namespace Ticketing.Run;

/// <summary>What is still missing when the shop is not ready after a minute, and where to look.</summary>
static class SlowStart
{
    public static IEnumerable<string> Report(IEnumerable<RunningApp> apps) =>
    [
        "Still not ready. What is missing, and where to look:",
        .. apps.Where(app => !app.IsReady).Select(app => Line(app.Instance, app.Status, app.Process.LastLine)),
        "More: the lines of that app in this output, and docs/running.md, \"If it does not start\".",
    ];

    public static string Line(Instance app, string status, string? last)
    {
        var said = last is null ? "it has printed nothing" : $"its last line: {last.Trim()}";
        var who = $"{app.Name} ({app.Address.ToString().TrimEnd('/')})";
        return $"{who}: {status.TrimEnd('.')}. {WhereToLook(app, status)}; {said}";
    }

    // The parts of "Not ready: store, broker." are named by the service's own health checks.
    static string WhereToLook(Instance app, string status)
    {
        if (app.IsLeftOut) return $"Start it: dotnet run --project {app.App.Folder}";
        var parts = new List<string>();
        if (Has("store")) parts.Add("The component statestore does not answer: does its server run?");
        if (Has("broker")) parts.Add("The component pubsub does not answer: does its server run?");
        if (Has("key")) parts.Add("The component secretstore has not given the session key");
        if (Has("sidecar")) parts.Add("Its sidecar does not answer");
        if (Has("subscribing")) parts.Add("The component pubsub has not taken all subscriptions");
        if (Has("ended")) parts.Add("Its process ends: its last lines say why");
        return parts.Count > 0 ? string.Join("; ", parts) : "Its process runs, but does not answer yet";

        bool Has(string word) => status.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
