namespace Ticketing.Sidecar;

/// <summary>The options of one sidecar; the defaults are daprd's.</summary>
public sealed record SidecarOptions
{
    /// <summary>The only namespace outside Kubernetes.</summary>
    public const string Namespace = "default";

    public required string AppId { get; init; }

    /// <summary>Null: the sidecar serves its API but calls no app.</summary>
    public int? AppPort { get; init; }

    /// <summary>0 takes any free port; see <see cref="AppSidecar.HttpPort"/>.</summary>
    public int HttpPort { get; init; } = 3500;

    /// <summary>0 takes any free port; see <see cref="AppSidecar.GrpcPort"/>.</summary>
    public int GrpcPort { get; init; } = 50001;

    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    public IReadOnlyList<string> ConfigPaths { get; init; } = [];

    /// <summary>Required from callers in header <c>dapr-api-token</c>; null: none is required.</summary>
    public string? ApiToken { get; init; }

    /// <summary>Sent to the app in header <c>dapr-api-token</c>.</summary>
    public string? AppApiToken { get; init; }

    /// <summary>Null: the app counts as healthy once its port is open.</summary>
    public AppHealthCheck? AppHealthCheck { get; init; }

    public long MaxBodyBytes { get; init; } = 4 << 20;

    /// <summary>The longest graceful stop; negative: no limit.</summary>
    public TimeSpan GracefulShutdown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether actors find a placement service (their API answers 400 without).</summary>
    public bool HasPlacement { get; init; } = true;

    /// <summary>Unknown metadata of a component fails the start; daprd ignores it.</summary>
    public bool RefuseUnknownFields { get; init; } = true;

    /// <summary>The base of relative paths in component metadata.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;
}

/// <summary>Probes of the app's own health: any 2xx is healthy, one is enough; it starts unhealthy.</summary>
/// <param name="Threshold">Failures in a row that make it unhealthy.</param>
public sealed record AppHealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold)
{
    public static readonly AppHealthCheck Default =
        new("/healthz", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), 3);
}
