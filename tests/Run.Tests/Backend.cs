using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ticketing.Run.Tests;

/// <summary>A service behind the ingress that answers with the request as it arrived.</summary>
sealed class Backend : IAsyncDisposable
{
    readonly WebApplication app;

    Backend(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public static async Task<Backend> Start(string name, RequestDelegate? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(answer ?? (context => Echo(name, context)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new Backend(app);
    }

    static async Task Echo(string name, HttpContext context)
    {
        var length = 0L;
        var buffer = new byte[4096];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;) length += read;
        var headers = context.Request.Headers.Select(h => $"{h.Key}: {h.Value}");
        await context.Response.WriteAsync($"{name} {context.Request.Path} {length}\n{string.Join('\n', headers)}");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
