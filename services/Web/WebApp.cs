using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Ticketing.Common;
using Ticketing.Flow;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The browser client: pages rendered on the server. It holds no rules; the services decide.</summary>
public static class WebApp
{
    /// <param name="configure">Called last before the build: where tests replace what they need to.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        // The first writer that can is the one that does.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemPageWriter>();
        builder.AddTicketing("web");
        builder.Services.AddHttpContextAccessor();
        builder.Services.Configure<FormOptions>(options => options.ValueCountLimit = PostedForm.FieldsMax);
        builder.Services.AddRazorComponents();
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
        builder.Services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Optimal);
        builder.Services.AddSingleton(Files()).AddSingleton<PageStyle>().AddSingleton<HoldTime>().AddSingleton<EventLinks>()
            .AddSingleton<AnswerCache>().AddSingleton<AuditedViews>().AddAudit();
        builder.Services.AddServiceClients();
        configure?.Invoke(builder);

        var app = builder.Build();
        // Around everything: also a page that tells of a failure is a page.
        app.UseMiddleware<PageHeaders>();
        app.UseTicketing();
        app.UseResponseCompression();
        var files = app.Services.GetRequiredService<SiteFiles>();
        files.Map(app);
        // A worker belongs to its address, and to the folder it comes from: it is asked for at the root.
        files.MapFixed(app, "/notices.js", "notices.js");
        app.MapHome();
        app.MapTickets();
        app.MapSelling();
        app.MapOrders();
        app.MapRefunds();
        app.MapSignIn();
        app.MapAccountPage();
        app.MapConsole();
        app.MapHelp();
        return app;
    }

    // The console's picture comes with its own stylesheet and script.
    static SiteFiles Files() => new("/files", typeof(WebApp).Assembly, typeof(FlowView).Assembly);
}
