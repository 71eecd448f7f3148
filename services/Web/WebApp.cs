using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Ticketing.Common;
using Ticketing.Flow;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The pages, rendered on the server. There are no business rules here; the services decide.</summary>
public static class WebApp
{
    /// <param name="configure">Called last before the build, so that tests can replace services.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        // Before AddTicketing: ASP.NET Core uses the first registered writer that can write.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemPageWriter>();
        builder.AddTicketing("web");
        builder.Services.AddHttpContextAccessor();
        builder.Services.Configure<FormOptions>(options => options.ValueCountLimit = PostedForm.FieldsMax);
        builder.Services.AddRazorComponents();
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);
        builder.Services.Configure<BrotliCompressionProviderOptions>(o =>
            o.Level = System.IO.Compression.CompressionLevel.Optimal);
        builder.Services
            .AddSingleton(Files()).AddSingleton<PageStyle>().AddSingleton<HoldTime>().AddSingleton<EventLinks>()
            .AddSingleton<AnswerCache>().AddSingleton<AuditedViews>().AddAudit()
            .AddScoped<ReaderLanguage>().AddScoped<SellCurrencies>();
        builder.Services.AddServiceClients();
        configure?.Invoke(builder);

        var app = builder.Build();
        // Outermost, so that error pages get the headers too.
        app.UseMiddleware<PageHeaders>();
        app.UseTicketing();
        app.UseResponseCompression();
        var files = app.Services.GetRequiredService<SiteFiles>();
        files.Map(app);
        // A service worker controls only pages below its own path, so it is served at the root, at a fixed address.
        files.MapFixed(app, "/notices.js", "notices.js");
        app.MapHome();
        app.MapTickets();
        app.MapSelling();
        app.MapEditing();
        app.MapPrices();
        app.MapOrders();
        app.MapReceipts();
        app.MapRefunds();
        app.MapSignIn();
        app.MapAccountPage();
        app.MapConsole();
        app.MapHelp();
        return app;
    }

    // The flow view of the console brings its own stylesheet and script.
    static SiteFiles Files() => new("/files", typeof(WebApp).Assembly, typeof(FlowView).Assembly);
}
