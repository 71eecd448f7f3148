namespace Ticketing.Run;

/// <summary>What the command line asks for. Relative paths are relative to the folder of <see cref="File"/>.</summary>
public sealed record RunOptions
{
    public string File { get; init; } = "dapr.yaml";

    /// <summary>Where people find the shop; 0 takes a free port.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>A folder of components.</summary>
    public string Components { get; init; } = "components/embedded";

    /// <summary>Another set, whose broker is used instead.</summary>
    public string? Broker { get; init; }

    /// <summary>Where everything durable is kept.</summary>
    public string Data { get; init; } = ".data";

    /// <summary>How long a purchase holds a ticket, in seconds; null leaves what the file says.</summary>
    public int? Hold { get; init; }

    public bool SeedDemo { get; init; }

    /// <summary>Seed of a hostile delivery: events duplicated, delayed, reordered, failed, never delivered.</summary>
    public int? Chaos { get; init; }

    /// <summary>Instances of each service.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Every port but <see cref="Port"/> is a free one: two shops on one machine.</summary>
    public bool AnyPorts { get; init; }
}
