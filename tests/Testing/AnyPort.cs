using System.Net;
using System.Net.Sockets;

namespace Ticketing.Testing;

/// <summary>Free ports, for programs that need a port number as an argument.</summary>
public static class AnyPort
{
    /// <returns>A port that is free at this moment.</returns>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
