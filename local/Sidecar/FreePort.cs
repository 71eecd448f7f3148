using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>Finds ports for programs that are started with a port number.</summary>
public static class FreePort
{
    /// <returns>A port that was free when checked.</returns>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <returns>The given port, or any free one for 0.</returns>
    public static int Or(int wanted) => wanted > 0 ? wanted : Next();
}
