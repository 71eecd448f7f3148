using System.Net;
using System.Net.Sockets;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// Connects to one replica of a service; one that refuses is passed over for the next. Nothing was sent yet, so this is
/// safe for every method, and a replica that restarts costs nobody an error.
/// </summary>
sealed class Connections(Services services) : IForwarderHttpClientFactory
{
    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    // Connections are spread over the replicas, so a replica that came back gets its share once they are renewed.
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
