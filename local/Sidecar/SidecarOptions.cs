namespace Ticketing.Sidecar;

/// <summary>What one sidecar is started with; the defaults are daprd's.</summary>
public sealed record SidecarOptions
{
    /// <summary>The namespace that apps are told of: outside Kubernetes there is no other.</summary>
    public const string Namespace = "default";

    public required string AppId { get; init; }

    /// <summary>Null: there is no app to call, only an API to serve.</summary>
    public int? AppPort { get; init; }

    /// <summary>0 takes any free port; see <see cref="AppSidecar.HttpPort"/>.</summary>
    public int HttpPort { get; init; } = 3500;

    /// <summary>0 takes any free port; see <see cref="AppSidecar.GrpcPort"/>.</summary>
    public int GrpcPort { get; init; } = 50001;

    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public IReadOnlyList<string> ConfigPaths { get; init; } = [];

    /// <summary>Demanded of callers in header <c>dapr-api-token</c>; null demands nothing.</summary>
    public string? ApiToken { get; init; }

    /// <summary>Sent to the app in header <c>dapr-api-token</c>.</summary>
    public string? AppApiToken { get; init; }

    /// <summary>Null: the app counts as healthy from its first open port on.</summary>
    public AppHealthCheck? AppHealthCheck { get; init; }

    public long MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>How long a graceful stop may take; negative for as long as it needs.</summary>
    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether actors find a placement service (their API answers 400 without).</summary>
    public bool HasPlacement { get; init; } = true;

    /// <summary>Metadata fields that a component type does not know end the start; daprd overlooks them.</summary>
    public bool RefuseUnknownFields { get; init; } = true;

    /// <summary>What relative paths in component metadata are relative to.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;
}

/// <summary>Probes of the app's own health: any 2xx is healthy, one is enough; it starts unhealthy.</summary>
/// <param name="Threshold">Failures in a row that make it unhealthy.</param>
public sealed record AppHealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold)
{
    public static readonly AppHealthCheck Default =
        new("/healthz", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), 3);
}
