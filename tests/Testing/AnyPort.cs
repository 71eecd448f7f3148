using System.Net;
using System.Net.Sockets;

namespace Ticketing.Testing;

/// <summary>For whoever must be told a port before it can listen on it.</summary>
public static class AnyPort
{
    /// <returns>One that is free at this moment.</returns>
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
