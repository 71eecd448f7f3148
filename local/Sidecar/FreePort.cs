using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>For programs that must be given a port before they can listen on it.</summary>
public static class FreePort
{
    /// <returns>One that was free a moment ago.</returns>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <returns>The port that is wanted, or for 0 any free one.</returns>
    public static int Or(int wanted) => wanted > 0 ? wanted : Next();
}
