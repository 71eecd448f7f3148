using System.Text;
using Ticketing.Common;
using Yarp.ReverseProxy.Forwarder;

namespace Ticketing.Ingress;

/// <summary>
/// The ingress controller for one machine: one origin in front of every service, with the routes of the cluster's
/// Ingress manifest. Settings: <c>Ingress:Manifest</c>, the file; <c>Ingress:Services:{name}</c>, the addresses of each
/// service in the manifest (one per replica, separated by spaces); <c>Ingress:Extra:{name}</c>, the same for a service
/// that exists only on this machine, under the path <c>/{name}</c>.
/// </summary>
public static class Server
{
    // Longer than the 15 s between two heartbeats of a live stream.
    static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(60);

    public static WebApplication Build(string[] args)
    {
        // A bare line feed must not end a header: proxy and service could read the request differently (smuggling).
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
            // Headers pass unchanged, byte by byte: a non-ASCII character in a cookie must not fail the request.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        var settings = builder.Configuration.GetSection("Ingress");
        var manifest = settings["Manifest"] ?? throw new InvalidOperationException("Ingress:Manifest names no file.");
        var cluster = RoutingTable.Read(manifest);
        var extra = settings.GetSection("Extra").GetChildren().Select(setting => setting.Key).ToList();
        var services = ServiceAddresses.From(settings.GetSection("Services"), cluster.ServiceNames)
            .And(ServiceAddresses.From(settings.GetSection("Extra"), extra));
        var table = cluster.With(extra);

        // YARP logs a stack trace per failed request; Refusals logs one line.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.None);
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton(services);
        builder.Services.AddSingleton<IForwarderHttpClientFactory, ReplicaConnections>();
        builder.Services.AddReverseProxy()
            .LoadFromMemory(table.Routes, table.Clusters(SilenceMax))
            .AddTransforms(Headers.Rewrite);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseRequestChecks();
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], () => "alive");
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Ticketing.Ingress");
        app.MapReverseProxy(proxy => proxy.Use((context, next) => Refusals.ExplainFailure(context, next, log)));
        return app;
    }
}
