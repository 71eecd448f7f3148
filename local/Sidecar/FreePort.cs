using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>Finds ports for programs that are started with a port number.</summary>
/// <remarks>
/// They lie below the range from which the system takes the port of an outgoing connection (32768 on Linux, 49152
/// elsewhere): a connection could take a port of that range before the program listens on it.
/// </remarks>
public static class FreePort
{
    const int First = 10_000, Count = 22_000;

    // Programs that look for ports at the same time begin far from each other.
    static int next = (int)((uint)Environment.ProcessId * 7919 % Count);

    /// <returns>
    /// A port that was free when checked. In one process the same one comes again only after all others: it may be that of
    /// a server that is being started again.
    /// </returns>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref next) % Count);
            if (CanListen(IPAddress.Loopback, port)
                && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port)))
                return port;
        }

        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    /// <returns>The given port, or any free one for 0.</returns>
    public static int Or(int wanted) => wanted > 0 ? wanted : Next();

    static bool CanListen(IPAddress address, int port)
    {
        try
        {
            using var probe = new TcpListener(address, port);
            probe.Start();
            return true;
        }
        catch (SocketException e)
        {
            // Without IPv6, as in many containers, ::1 is not there.
            return e.SocketErrorCode is SocketError.AddressNotAvailable;
        }
    }
}
