using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ticketing.Sidecar;

/// <summary>The web server of one sidecar: HTTP on one port, gRPC (cleartext HTTP/2) on another, on both loopback
/// addresses.</summary>
sealed class SidecarServer : IAsyncDisposable
{
    const int FreePortAttemptsMax = 10;

    readonly WebApplication _app;

    SidecarServer(AppSidecar sidecar, RouteTable routes, RpcTable rpc)
    {
        var options = sidecar.Options;
        (HttpPort, GrpcPort) = (FreePort.Or(options.HttpPort), FreePort.Or(options.GrpcPort));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new ServerLog(sidecar.Host.Logs));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = (int)Math.Min(options.MaxBodyBytes,
            int.MaxValue));
        builder.Services.AddSingleton(rpc);
        builder.Services.AddSingleton<IServiceMethodProvider<DaprService>, DaprMethods>();
        _app = builder.Build();
        Build(sidecar, routes);
    }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    /// <remarks>Another program can take a free port before this one listens on it; then another one is chosen. A
    /// configured port is tried once.</remarks>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SidecarServer> StartAsync(AppSidecar sidecar, RouteTable routes, RpcTable rpc,
        CancellationToken ct)
    {
        for (var attempts = 1; ; attempts++)
        {
            var server = new SidecarServer(sidecar, routes, rpc);
            try
            {
                await server._app.StartAsync(ct);
                return server;
            }
            catch (IOException) when (attempts < FreePortAttemptsMax && (
                sidecar.Options.HttpPort == 0 || sidecar.Options.GrpcPort == 0))
            {
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        // Far above HttpFront's own limit, whose error response must be sent instead of Kestrel's.
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * HttpFront.HeaderBytesMax;
        kestrel.ListenLocalhost(HttpPort, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.ListenLocalhost(GrpcPort, listen => listen.Protocols = HttpProtocols.Http2);
    }

    void Build(AppSidecar sidecar, RouteTable routes)
    {
        var front = new HttpFront(routes, sidecar.Options);
        _app.Use((http, next) => http.Connection.LocalPort == GrpcPort ? next(http) : front.HandleAsync(http));
        if (sidecar.Options.ApiToken is { Length: > 0 } token)
            _app.Use((http, next) => RpcToken.CheckAsync(http, token, next));
        _app.UseRouting();
        _app.MapGrpcService<DaprService>();
    }

    /// <summary>Accepts no new connections and waits for the requests in flight; aborts them when cancelled.</summary>
    public Task StopAsync(CancellationToken ct) => _app.StopAsync(ct);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
