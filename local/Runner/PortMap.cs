using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Run;

/// <summary>The actual ports of each app and its replicas; translates addresses in the file to them.</summary>
sealed partial class PortMap
{
    /// <summary>Added to each port of a replica for the next one.</summary>
    const int ReplicaStep = 100;

    readonly IReadOnlyList<AppSpec> _apps;
    readonly Dictionary<string, AppPorts[]> _ports;

    /// <param name="freePort">Called for each port that the options leave open.</param>
    public PortMap(IReadOnlyList<AppSpec> apps, RunOptions options, Func<int> freePort)
    {
        _apps = apps;
        _ports = apps.ToDictionary(app => app.Id, app => Enumerable.Range(0, options.ReplicasOf(app))
            .Select(replica => new AppPorts(
                app.IsIngress ? (options.Port == 0 ? freePort() : options.Port) : At(app.Port, replica),
                At(app.SidecarHttpPort, replica), At(app.SidecarGrpcPort, replica))).ToArray());

        int At(int port, int replica) => port == 0 ? 0 : options.AnyPorts ? freePort() : port + (replica * ReplicaStep);
    }

    public IReadOnlyList<AppPorts> Of(AppSpec app) => _ports[app.Id];

    /// <summary>Replaces the file's ports by the actual ones; an app's own port by that of this replica.</summary>
    public string Translate(string text, AppSpec self, int replica) => LocalAddress().Replace(text, match =>
        Owner(match) is { } owner ? $"localhost:{_ports[owner.Id][owner == self ? replica : 0].App}" : match.Value);

    /// <summary>Replaces an address in the file by those of all replicas of its app, separated by spaces.</summary>
    public string TranslateToAll(string address) =>
        LocalAddress().Match(address) is { Success: true } match && Owner(match) is { } owner
            ? string.Join(' ', _ports[owner.Id].Select(ports => $"http://localhost:{ports.App}"))
            : address;

    AppSpec? Owner(Match address) =>
        _apps.FirstOrDefault(app => app.Port.ToString(CultureInfo.InvariantCulture) == address.Groups[1].Value);

    [GeneratedRegex(@"localhost:(\d+)")]
    private static partial Regex LocalAddress();

    public readonly record struct AppPorts(int App, int Http, int Grpc);
}
