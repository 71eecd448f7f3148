using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>
/// Stands in for the apps and the sidecar that a service asks: always there and always well formed, over real HTTP,
/// because a header or an address that cannot be written fails only there. What it answers depends on the request alone.
/// </summary>
sealed class OtherAppsServer(WebApplication app) : IAsyncDisposable
{
    const string AppHeader = "dapr-app-id";

    public string Address { get; } = app.Urls.Single();

    public static async Task<OtherAppsServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(Answer);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Lets a service ask here whatever it would ask another app or its sidecar.</summary>
    public void ServeFor(WebApplicationBuilder builder)
    {
        builder.Configuration["DAPR_HTTP_ENDPOINT"] = Address;
        builder.Services.AddSingleton<InvokeApp>(Client).AddSingleton(new OtherApps(Client, TimeProvider.System));
    }

    public HttpClient Client(string appId)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new(Address),
        };
        client.DefaultRequestHeaders.Add(AppHeader, appId);
        return client;
    }

    static async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var path = context.Request.Path.Value!;
        var app = context.Request.Headers[AppHeader].ToString();
        var (status, json) = path == "/openapi/v1.json" && OpenApi(app) is { } document ? (200, document)
            : OtherAppsAnswers.Of(context.Request.Method, path, body);
        context.Response.StatusCode = status;
        if (path.EndsWith("/signin", StringComparison.Ordinal) || path.EndsWith("/signup", StringComparison.Ordinal))
            context.Response.Headers.SetCookie = $"{SessionToken.Cookie}=a.b.c; path=/; httponly";
        if (status == StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter = "3";
        if (json is null)
            return;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    static string? OpenApi(string app)
    {
        var file = Repository.At($"docs/openapi/{app}.json");
        return File.Exists(file) ? File.ReadAllText(file) : JsonSerializer.Serialize(new { paths = new { } });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
