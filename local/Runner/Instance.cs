namespace Ticketing.Run;

/// <summary>One process to start: an app of <c>dapr.yaml</c> or a replica of it, with its actual ports.</summary>
/// <param name="Name">The app id; for a second replica such as <c>orders-2</c>.</param>
/// <param name="Sidecar">Null for a helper that has none.</param>
public sealed record Instance(
    string Name, AppSpec App, int Port, IReadOnlyList<string> Command, IReadOnlyDictionary<string, string> Env,
    SidecarPorts? Sidecar)
{
    /// <summary>
    /// The file with <see cref="Env"/> for an app that a person starts (<c>--leave-out</c>); null for all others.
    /// </summary>
    public string? EnvFile { get; init; }

    /// <summary>Built and started again when its sources change (<c>--watch</c>).</summary>
    public bool IsWatched { get; init; }

    public bool IsLeftOut => EnvFile is not null;

    public Uri Address => new($"http://localhost:{Port}");

    public IEnumerable<int> Ports => Sidecar is null ? [Port] : [Port, Sidecar.Http, Sidecar.Grpc];
}

/// <param name="ApiToken">Sent by the app to its sidecar.</param>
/// <param name="AppApiToken">Sent by the sidecar to its app.</param>
public sealed record SidecarPorts(int Http, int Grpc, string ApiToken, string AppApiToken);
