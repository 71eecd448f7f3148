using Ticketing.Sidecar;

namespace Ticketing.Testing;

/// <summary>Free ports, for programs that need a port number as an argument.</summary>
public static class AnyPort
{
    /// <inheritdoc cref="FreePort.Next"/>
    public static int Next() => FreePort.Next();
}
