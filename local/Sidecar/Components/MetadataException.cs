namespace Ticketing.Sidecar.Components;

/// <summary>A component cannot start because of one metadata entry, or of what it refers to.</summary>
/// <param name="name">As in the YAML: <c>redisHost</c>.</param>
/// <param name="reason">What is wrong.</param>
public sealed class MetadataException(string name, string reason, Exception? inner = null) : FormatException(reason, inner)
{
    public string Name { get; } = name;
}
