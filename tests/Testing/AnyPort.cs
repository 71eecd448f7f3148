using Ticketing.Sidecar;

namespace Ticketing.Testing;

/// <summary>Free ports, for programs that need a port number as an argument.</summary>
public static class AnyPort
{
    // Not those of the sidecars in the same process: a port may be given long before something listens on it.
    static readonly PortRange ports = new(21_000, 11_000);

    /// <inheritdoc cref="PortRange.Next"/>
    public static int Next() => ports.Next();
}
