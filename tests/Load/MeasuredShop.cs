using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>A shop of Release builds on a set of components, with servers of its own where the set needs them.</summary>
sealed class MeasuredShop : IAsyncDisposable
{
    /// <summary>Limits of one person: here one machine plays thousands.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unlimited = new Dictionary<string, string>
    {
        ["RateLimits__Multiplier"] = "100000", ["Tickets__OpenListingsMax"] = "1000000", ["Orders__HeldMax"] = "1000",
    };

    // The strength of password hashes is not measured.
    static readonly Dictionary<string, string> Settings = new(Unlimited) { ["Passwords__Iterations"] = "1000" };

    readonly ShopProcess _process;

    MeasuredShop(ShopProcess process, Uri url, RealServers servers) => (_process, Url, Servers) = (process, url, servers);

    public Uri Url { get; }

    public RealServers Servers { get; }

    public int Id => _process.Id;

    public string Output => _process.Output;

    /// <summary>Builds the runner and with it all apps, as Release, and starts them.</summary>
    /// <param name="root">The checkout it is built from.</param>
    /// <param name="components">Folders of <c>components/</c>: of everything, and if there is a second, of the broker.</param>
    public static async Task<MeasuredShop> Start(
        string root, IReadOnlyList<string> components, CancellationToken ct, int holdSeconds = 900)
    {
        await Command.Run(root, ct, "dotnet", "build", "local/Run", "-c", "Release", "-v", "q", "--nologo");
        var servers = new RealServers(root);
        List<string> options = ["--data", TestFolder.New("load"), "--hold", $"{holdSeconds}"];
        options.AddRange(["--components", await servers.CleanComponents(components[0])]);
        if (components.Count > 1) options.AddRange(["--broker", await servers.CleanComponents(components[1])]);
        var process = ShopProcess.Start([Runner(root)], options, Settings, root);
        return new(process, await process.Ready(ct), servers);
    }

    // Earlier commits have the runner in the folder that `dotnet run` is told.
    static string Runner(string root) => new[] { "local/Runner", "local/Run" }
        .Select(folder => Path.Combine(root, folder, "bin/Release/net10.0/Ticketing.Run.dll")).First(File.Exists);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await Servers.DisposeAsync();
    }
}
