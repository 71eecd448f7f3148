using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.FileProviders;
using Ticketing.Common;
using Ticketing.Flow;
using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>The browser client: pages rendered on the server. It holds no rules; the services decide.</summary>
public static class WebClient
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing("web");
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddRazorComponents();
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
        builder.Services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Optimal);
        builder.Services.AddSingleton<SiteFiles>();
        builder.Services.AddSingleton<EventLinks>();
        // The console's picture comes with its own stylesheet and script.
        builder.Environment.WebRootFileProvider = new CompositeFileProvider(
            builder.Environment.WebRootFileProvider, new EmbeddedFileProvider(typeof(FlowFiles).Assembly, ""));
        builder.Services.AddBackends();

        var app = builder.Build();
        app.UseTicketing();
        app.UseResponseCompression();
        app.UseMiddleware<PageHeaders>();
        app.Services.GetRequiredService<SiteFiles>().Map(app);
        app.MapHome();
        app.MapTickets();
        app.MapSelling();
        app.MapOrders();
        app.MapAccount();
        app.MapConsole();
        app.MapHelp();
        return app;
    }
}
