namespace Ticketing.Run;

/// <summary>The command line's options. Relative paths are relative to the folder of <see cref="File"/>.</summary>
public sealed record RunOptions
{
    public string File { get; init; } = "dapr.yaml";

    /// <summary>The port of the shop; 0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>A folder of components.</summary>
    public string Components { get; init; } = "components/embedded";

    /// <summary>Another set of components, of which only the broker is used.</summary>
    public string? Broker { get; init; }

    /// <summary>The folder of all stored data.</summary>
    public string Data { get; init; } = ".data";

    /// <summary>How long a purchase holds a ticket, in seconds; null: as in the file.</summary>
    public int? Hold { get; init; }

    public bool SeedDemo { get; init; }

    /// <summary>
    /// Seed of delivery faults: events duplicated, delayed, reordered, failed, never delivered.
    /// </summary>
    public int? Chaos { get; init; }

    /// <summary>Instances of each service.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Takes free ports for all but <see cref="Port"/>, to run two shops on one machine.</summary>
    public bool AnyPorts { get; init; }

    /// <summary>Apps whose process a person starts, in a debugger for instance; their sidecars run.</summary>
    public IReadOnlyList<string> LeaveOut { get; init; } = [];

    /// <summary>Apps that are built and started again when their sources change.</summary>
    public IReadOnlyList<string> Watch { get; init; } = [];

    /// <summary>An app that a person works on has one instance, whatever <see cref="Replicas"/> says.</summary>
    public int ReplicasOf(AppSpec app) =>
        app.HasSidecar && !LeaveOut.Contains(app.Id) && !Watch.Contains(app.Id) ? Replicas : 1;
}
