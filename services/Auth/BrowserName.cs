namespace Ticketing.Auth;

/// <summary>
/// A browser's name for the list of sessions. Only names from these lists are stored and shown, never the header's
/// text.
/// </summary>
static class BrowserName
{
    // The first match counts: the headers of Edge and Opera contain "Chrome", and Chrome's contains "Safari".
    static readonly (string Sign, string Name)[] programs =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];
    static readonly (string Sign, string Name)[] systems =
    [
        ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string userAgent) => (First(programs, userAgent), First(systems, userAgent)) switch
    {
        (null, null) => "unknown",
        ({ } program, null) => program,
        (null, { } system) => system,
        var (program, system) => $"{program} on {system}",
    };

    static string? First((string Sign, string Name)[] names, string userAgent) =>
        names.FirstOrDefault(name => userAgent.Contains(name.Sign, StringComparison.Ordinal)).Name;
}
