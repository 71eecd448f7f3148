using System.Net;
using System.Net.Sockets;
using Ticketing.Sidecar;

namespace Ticketing.Run;

static class Ports
{
    /// <summary>A port that nothing listens on now. Never returns the same port twice.</summary>
    public static int Free()
    {
        lock (Given)
        {
            while (true)
            {
                var port = FreePort.Next();
                if (Given.Add(port)) return port;
            }
        }
    }

    /// <summary>One message per port that another program uses; empty if all are free.</summary>
    public static IReadOnlyList<string> Taken(IEnumerable<Instance> instances) =>
    [
        .. from instance in instances
           from port in instance.Ports
           where !IsFree(port)
           select $"Port {port} ({instance.Name}) is taken by another program."
    ];

    static bool IsFree(int port)
    {
        try
        {
            using var four = new TcpListener(IPAddress.Loopback, port);
            four.Start();
            if (!Socket.OSSupportsIPv6) return true;
            using var six = new TcpListener(IPAddress.IPv6Loopback, port);
            six.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    static readonly HashSet<int> Given = [];
}
