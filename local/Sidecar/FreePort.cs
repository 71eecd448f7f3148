namespace Ticketing.Sidecar;

/// <summary>The ports of sidecars and apps for which none is given.</summary>
public static class FreePort
{
    static readonly PortRange ports = new(10_000, 11_000);

    /// <inheritdoc cref="PortRange.Next"/>
    public static int Next() => ports.Next();

    /// <returns>The given port, or any free one for 0.</returns>
    public static int Or(int wanted) => wanted > 0 ? wanted : Next();
}
