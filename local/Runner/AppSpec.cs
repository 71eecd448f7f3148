namespace Ticketing.Run;

/// <summary>One app of <c>dapr.yaml</c>, merged with <c>common</c>; paths are absolute, port 0 is none.</summary>
public sealed record AppSpec(
    string Id,
    string Folder,
    int Port,
    int SidecarHttpPort,
    int SidecarGrpcPort,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyList<string> Resources,
    string? Config,
    HealthCheck? Health)
{
    /// <summary>Every port this app and its sidecar will listen on.</summary>
    public IEnumerable<int> Ports => new[] { Port, SidecarHttpPort, SidecarGrpcPort }.Where(p => p != 0);

    /// <summary>An app without sidecar ports is a helper: local/Run starts no sidecar for it.</summary>
    public bool HasSidecar => SidecarHttpPort != 0;

    /// <summary>The app that browsers connect to.</summary>
    public bool IsIngress => Id == "ingress";
}

/// <summary>How the sidecar checks the app's health.</summary>
/// <param name="Threshold">Failures in a row after which the app counts as unhealthy.</param>
public sealed record HealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold);
