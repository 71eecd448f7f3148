using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Run;

/// <summary>Where each app and its replicas really listen, and what that makes of an address in the file.</summary>
sealed partial class PortMap
{
    /// <summary>The ports of a further replica are those of the one before and this much more, each.</summary>
    const int ReplicaStep = 100;

    readonly IReadOnlyList<AppSpec> _apps;
    readonly Dictionary<string, Ports[]> _ports;

    /// <param name="freePort">Asked for a port wherever the options leave it open.</param>
    public PortMap(IReadOnlyList<AppSpec> apps, RunOptions options, Func<int> freePort)
    {
        _apps = apps;
        _ports = apps.ToDictionary(app => app.Id, app => Enumerable.Range(0, app.HasSidecar ? options.Replicas : 1)
            .Select(replica => new Ports(
                app.IsIngress ? (options.Port == 0 ? freePort() : options.Port) : At(app.Port, replica),
                At(app.SidecarHttpPort, replica), At(app.SidecarGrpcPort, replica))).ToArray());

        int At(int port, int replica) => port == 0 ? 0 : options.AnyPorts ? freePort() : port + (replica * ReplicaStep);
    }

    public IReadOnlyList<Ports> Of(AppSpec app) => _ports[app.Id];

    /// <summary>Addresses in the file name the ports in the file; an app's own become those of its replica.</summary>
    public string Translate(string text, AppSpec self, int replica) => LocalAddress().Replace(text, match =>
        Owner(match) is { } owner ? $"localhost:{_ports[owner.Id][owner == self ? replica : 0].App}" : match.Value);

    /// <summary>An address in the file as those of all its app's replicas, apart by spaces.</summary>
    public string TranslateToAll(string address) =>
        LocalAddress().Match(address) is { Success: true } match && Owner(match) is { } owner
            ? string.Join(' ', _ports[owner.Id].Select(ports => $"http://localhost:{ports.App}"))
            : address;

    AppSpec? Owner(Match address) =>
        _apps.FirstOrDefault(app => app.Port.ToString(CultureInfo.InvariantCulture) == address.Groups[1].Value);

    [GeneratedRegex(@"localhost:(\d+)")]
    private static partial Regex LocalAddress();

    public readonly record struct Ports(int App, int Http, int Grpc);
}
