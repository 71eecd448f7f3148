using System.Net;

namespace Ticketing.Common;

/// <summary>
/// The proxy that the user has configured (HTTP_PROXY, system settings), for all addresses but this machine's own: the
/// proxy runs elsewhere, and its localhost is another one. Sidecar, apps and test servers are all on localhost.
/// </summary>
public sealed class LoopbackBypass(IWebProxy configured) : IWebProxy
{
    /// <summary>For every client of this process, those of Dapr's packages too. Call it before the first is
    /// used.</summary>
    public static void Install()
    {
        if (HttpClient.DefaultProxy is not LoopbackBypass)
            HttpClient.DefaultProxy = new LoopbackBypass(HttpClient.DefaultProxy);
    }

    public ICredentials? Credentials
    {
        get => configured.Credentials;
        set => configured.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : configured.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || configured.IsBypassed(host);
}
