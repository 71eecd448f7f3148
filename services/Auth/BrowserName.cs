namespace Ticketing.Auth;

/// <summary>
/// What a person calls the program they use. Only words from these lists are kept and shown, never what was sent.
/// </summary>
static class BrowserName
{
    // The first that is found counts: Edge and Opera say that they are Chrome, and Chrome that it is Safari.
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
