using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>A port that was free a moment ago on both loopback addresses.</summary>
static class FreePort
{
    public static int Or(int wanted)
    {
        if (wanted > 0) return wanted;
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
