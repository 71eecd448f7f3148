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
    const int First = 10_000, BlockSize = 200, Blocks = 100;

    static int next = -1;

    /// <returns>A port that was free when checked; in one process never the same one in close succession.</returns>
    public static int Next()
    {
        // Programs that look for ports at the same time look in different blocks, unless their ids are 100 apart.
        var block = First + Environment.ProcessId % Blocks * BlockSize;
        for (var tries = 0; tries < BlockSize; tries++)
        {
            var port = block + (int)((uint)Interlocked.Increment(ref next) % BlockSize);
            if (CanListen(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanListen(IPAddress.IPv6Loopback, port)))
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
