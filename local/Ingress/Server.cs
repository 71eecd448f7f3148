using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// What an ingress controller does in a cluster, on one machine: one origin in front of every service, by the routes of
/// the Ingress manifest. Settings: <c>Ingress:Manifest</c>, the file; <c>Ingress:Services:{name}</c>, where each
/// service of the manifest listens (several addresses, one per replica, apart by spaces);
/// <c>Ingress:Extra:{name}</c>, the same for what is only on this machine and has the path of its name.
/// </summary>
public static class Server
{
    /// <summary>No request of this shop needs more; the manifest tells the cluster's ingress the same.</summary>
    const int BodyBytesMax = 64 * 1024;

    // Live streams say something every 15 s.
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(60);

    public static WebApplication Build(string[] args)
    {
        // A bare line feed ends no header: two servers in a row must not read a request differently.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            // A header passes byte by byte, whatever its encoding: a letter beyond ASCII in a cookie is no failure.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        var settings = builder.Configuration.GetSection("Ingress");
        var manifest = settings["Manifest"] ?? throw new InvalidOperationException("Ingress:Manifest names no file.");
        var cluster = RoutingTable.Read(manifest);
        var extra = settings.GetSection("Extra").GetChildren().Select(setting => setting.Key).ToList();
        var services = Services.From(settings.GetSection("Services"), cluster.ServiceNames)
            .And(Services.From(settings.GetSection("Extra"), extra));
        var table = cluster.With(extra);

        // A service that is away is told in one line a request (Refusals), not in forty.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(services);
        builder.Services.AddSingleton<IForwarderHttpClientFactory, Connections>();
        builder.Services.AddReverseProxy()
            .LoadFromMemory(table.Routes, table.Clusters(SilenceMax))
            .AddTransforms(Headers.MakeFresh);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRequestChecks(BodyBytesMax);
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], () => "alive");
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ticketing.Ingress");
        app.MapReverseProxy(proxy => proxy.Use((context, next) => Refusals.ExplainFailure(context, next, log)));
        return app;
    }
}
