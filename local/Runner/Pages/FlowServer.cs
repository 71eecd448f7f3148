using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Flow;

namespace Ticketing.Run.Pages;

/// <summary>Serves the flow page from the runner, with what its sidecars report, live.</summary>
sealed class FlowServer(WebApplication app) : IAsyncDisposable
{
    public const string Path = "/flow", LivePath = "/flow/live";

    static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>At most one notification per interval, however many steps there are.</summary>
    static readonly TimeSpan NewsInterval = TimeSpan.FromMilliseconds(200);

    /// <param name="port">0 takes a free one.</param>
    /// <param name="shop">The target of the page's link to the shop.</param>
    public static async Task<FlowServer> Start(
        StepRing ring, int port, Uri? shop, ILoggerFactory logs, TimeProvider time, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(logs);
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(time);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.Use(HeadAsGet.Answer);
        app.Use(SetHeaders);
        app.UseRouting();
        var files = new SiteFiles($"{Path}/files", typeof(FlowServer).Assembly, typeof(FlowView).Assembly);
        app.MapGet(Path, (HttpContext context) => Page(context, ring, files, shop));
        files.Map(app);
        app.MapGet(LivePath, (HttpContext context, IHostApplicationLifetime life, CancellationToken gone) =>
        {
            context.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(News(ring, StepFilter.From(context.Request.Query), time, life, gone));
        });
        await app.StartAsync(ct);
        return new(app);
    }

    public Uri Address => new(app.Urls.First());

    static RazorComponentResult<FlowPage> Page(HttpContext context, StepRing ring, SiteFiles files, Uri? shop) => new(new
    {
        Filter = StepFilter.From(context.Request.Query),
        ShowAll = context.Request.Query["show"] == "all",
        All = JudgedStep.All(ring.All()),
        Files = files,
        Shop = shop,
    });

    static Task SetHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }

    /// <summary>Sends <c>news</c> when a step passed the filter, and a heartbeat every 15 s.</summary>
    static async IAsyncEnumerable<SseItem<string>> News(
        StepRing ring, StepFilter filter, TimeProvider time, IHostApplicationLifetime life,
        [EnumeratorCancellation] CancellationToken gone)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(gone, life.ApplicationStopping);
        var known = ring.Count;
        yield return new("{}", "hello");
        while (!ends.IsCancellationRequested)
        {
            var more = ring.WaitBeyond(known, ends.Token);
            await Task.WhenAny(more, Task.Delay(HeartbeatInterval, time, ends.Token));
            if (ends.IsCancellationRequested) yield break;
            var matters = more.IsCompletedSuccessfully && Matters(ring, filter, known);
            known = more.IsCompletedSuccessfully ? ring.Count : known;
            if (matters || !more.IsCompleted) yield return new("{}", matters ? "news" : "heartbeat");
            await Task.Delay(NewsInterval, time, ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static bool Matters(StepRing ring, StepFilter filter, long known)
    {
        if (filter.IsEmpty) return true;
        var all = JudgedStep.All(ring.All());
        return filter.Apply(all).Any(seen => seen.Step.Number > known);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
