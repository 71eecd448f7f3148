using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
    const string Invoke = "/v1.0/invoke/", Method = "/method/";

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
    public void ServeFor(WebApplicationBuilder builder) => builder.Configuration["DAPR_HTTP_ENDPOINT"] = Address;

    static async Task Answer(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var (app, path) = Called(context.Request.Path.Value!);
        var (status, json) = path == "/openapi/v1.json" && OpenApi(app) is { } document ? (200, document)
            : OtherAppsAnswers.Of(context.Request.Method, path, body);
        context.Response.StatusCode = status;
        if (path.EndsWith("/signin", StringComparison.Ordinal) || path.EndsWith("/signup", StringComparison.Ordinal))
            context.Response.Headers.SetCookie = $"{BrowserCookies.PlainSession}=a.b.c; path=/; httponly";
        if (status == StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter = "3";
        if (json is null)
            return;
        context.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    static (string App, string Path) Called(string path) =>
        path.StartsWith(Invoke, StringComparison.Ordinal) && path[Invoke.Length..].Split(Method, 2) is [var app, var rest]
            ? (app, "/" + rest) : ("", path);

    static string? OpenApi(string app)
    {
        var file = Repository.At($"docs/openapi/{app}.json");
        return File.Exists(file) ? File.ReadAllText(file) : JsonSerializer.Serialize(new { paths = new { } });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
