using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>Finds free ports for programs that are started with a port number.</summary>
/// <remarks>
/// Choose a range below that from which the system takes the port of an outgoing connection (32768 on Linux, 49152
/// elsewhere): a connection could take a port before the program listens on it.
/// </remarks>
sealed class PortRange(int first, int count)
{
    // Programs that look for ports at the same time begin far from each other.
    int next = (int)((uint)Environment.ProcessId * 7919 % count);

    /// <returns>
    /// A port that was free when checked. The same one comes again only after all others: it may be that of a server that
    /// is being started again.
    /// </returns>
    public int Next()
    {
        for (var tries = 0; tries < count; tries++)
        {
            var port = first + (int)((uint)Interlocked.Increment(ref next) % count);
            if (CanListen(IPAddress.Loopback, port)
                && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port)))
                return port;
        }

        throw new IOException($"Every port from {first} to {first + count - 1} is taken.");
    }

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
