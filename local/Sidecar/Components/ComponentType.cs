namespace Ticketing.Sidecar.Components;

/// <summary>A type a component can have, in one or more versions, and how to make one.</summary>
/// <param name="Type">As in YAML: <c>state.redis</c>.</param>
/// <param name="Versions">"v1" also stands for "", and "v0".</param>
public sealed record ComponentType(
    string Type, IReadOnlyList<string> Versions, MetadataSchema Schema, Func<ComponentContext, IComponent> Create);

/// <summary>What every component has: a start, capabilities as <c>/v1.0/metadata</c> lists them, and an end.</summary>
public interface IComponent : IAsyncDisposable
{
    IReadOnlyList<string> Capabilities { get; }

    /// <summary>Connects and prepares; what it throws ends the sidecar's start.</summary>
    Task InitAsync(CancellationToken ct);
}

/// <summary>What a component is made from.</summary>
/// <param name="Properties">Metadata with secrets, environment and templates resolved; names ignore letter
/// case.</param>
public sealed record ComponentContext(
    Component Component, ComponentProperties Properties, SidecarOptions Options, SidecarHost Host, ILogger Log)
{
    public TimeProvider Time => Host.Time;
}

/// <summary>The component types that this sidecar can run; immutable, so one serves every sidecar of a
/// process.</summary>
public sealed class ComponentRegistry(IEnumerable<ComponentType> types)
{
    readonly List<ComponentType> _types = [.. types];

    /// <summary>In any version.</summary>
    public bool Has(string type) => _types.Exists(known => known.Type.Equals(type, StringComparison.OrdinalIgnoreCase));

    public ComponentType? Find(string type, string version) => _types.Find(
        known =>
            known.Type.Equals(type, StringComparison.OrdinalIgnoreCase)
                && known.Versions.Contains(version is "" or "v0" ? "v1" : version));
}
