namespace Ticketing.Run;

/// <summary>One process to start: an app of <c>dapr.yaml</c> or a replica, with the ports it really gets.</summary>
/// <param name="Name">The app id; of a second replica <c>orders-2</c>.</param>
/// <param name="Sidecar">Null for a helper that has none.</param>
public sealed record Instance(
    string Name, AppSpec App, int Port, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Env,
    SidecarPorts? Sidecar)
{
    public Uri Address => new($"http://localhost:{Port}");

    public IEnumerable<int> Ports => Sidecar is null ? [Port] : [Port, Sidecar.Http, Sidecar.Grpc];
}

/// <param name="ApiToken">What the app shows to its sidecar.</param>
/// <param name="AppApiToken">What the sidecar shows to its app.</param>
public sealed record SidecarPorts(int Http, int Grpc, string ApiToken, string AppApiToken);
