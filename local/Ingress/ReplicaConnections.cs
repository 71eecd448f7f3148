using System.Net;
using System.Net.Sockets;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// Connects to one replica of a service; if it refuses, to the next. Nothing was sent yet, so this is safe for every
/// HTTP method, and a replica that restarts causes no error.
/// </summary>
sealed class ReplicaConnections(ServiceAddresses services) : IForwarderHttpClientFactory
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // A restarted replica gets its share of requests only when connections are renewed.
    static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromSeconds(30);

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) =>
        context.OldClient ?? new HttpMessageInvoker(Handler());

    SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionAgeMax,
        ConnectCallback = (connect, ct) => Connect(connect.DnsEndPoint.Host, ct),
    };

    async ValueTask<Stream> Connect(string service, CancellationToken ct)
    {
        SocketException? refused = null;
        foreach (var replica in services.Replicas(service))
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(replica.Host, replica.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                refused = e;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new HttpRequestException(HttpRequestError.ConnectionError, $"No replica of {service} answers.", refused);
    }
}
