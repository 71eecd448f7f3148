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

    /// <summary>One message per port that cannot be listened on; empty if all can.</summary>
    /// <param name="listen">Null: by listening for a moment.</param>
    public static IReadOnlyList<string> Unusable(
        IReadOnlyList<Instance> instances, Func<IPAddress, int, SocketError>? listen = null) =>
    [
        .. Twice(instances),
        .. from instance in instances
           from port in instance.Ports
           let reason = Reason(port, listen ?? Listen)
           where reason is not null
           select $"Port {port} ({instance.Name}) {reason}",
    ];

    /// <summary>A port given by <c>--port</c> can be one of the file's.</summary>
    static IEnumerable<string> Twice(IReadOnlyList<Instance> instances) => instances
        .SelectMany(instance => instance.Ports.Select(port => (Port: port, instance.Name)))
        .GroupBy(used => used.Port).Where(used => used.Count() > 1)
        .Select(used => $"Port {used.Key} is wanted by {string.Join(" and ", used.Select(one => one.Name))}.");

    static string? Reason(int port, Func<IPAddress, int, SocketError> listen) => listen(IPAddress.Loopback, port) switch
    {
        // Without IPv6, as in many containers, ::1 is not there: then localhost is 127.0.0.1 alone.
        SocketError.Success when listen(IPAddress.IPv6Loopback, port) is not SocketError.AddressAlreadyInUse => null,
        SocketError.Success or SocketError.AddressAlreadyInUse => "is taken by another program.",
        // Below 1024 without the right to it; on Windows also the ranges that Hyper-V and others have reserved.
        SocketError.AccessDenied => "is kept by the system and may not be used by this user.",
        var error => $"cannot be listened on ({error}).",
    };

    static SocketError Listen(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }

    static readonly HashSet<int> Given = [];
}
