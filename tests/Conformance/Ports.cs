using System.Net;
using System.Net.Sockets;

namespace Ticketing.Conformance;

/// <summary>
/// Ports below those that the system gives to outgoing connections: many cases at a time would take them from each other.
/// </summary>
static class Ports
{
    const int First = 15_000;
    const int Count = 15_000;

    static int given = Environment.ProcessId;

    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref given) % Count);
            using var probe = new TcpListener(IPAddress.Any, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else's; the next one, then.
            }
        }
    }
}
