using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ticketing.Load;

/// <summary>What the sidecar is measured against: a plain Kestrel forwarder, and the app both lead to.</summary>
static class Hop
{
    /// <summary>About as much as a ticket's document.</summary>
    public static readonly string Payload = $$"""{"title":"{{new string('x', 900)}}","price":4550,"currency":"usd"}""";

    public static async Task RunApp(string url, CancellationToken ct)
    {
        await using var app = Build(url);
        app.MapGet("/dapr/subscribe", () => Results.Text(
            """[{"pubsubname":"pubsub","topic":"things","route":"/events"}]""", "application/json"));
        app.MapPost("/events", async (HttpRequest request) =>
        {
            await Drain(request);
            return Results.Ok();
        });
        app.MapGet("/thing", (HttpResponse response) =>
        {
            response.Headers.ETag = "1";
            return Results.Text(Payload, "application/json");
        });
        app.MapPost("/thing", async (HttpRequest request) =>
        {
            await Drain(request);
            return Results.NoContent();
        });
        await ((IHost)app).RunAsync(ct);
    }

    public static async Task RunForwarder(string url, Uri to, CancellationToken ct)
    {
        await using var app = Build(url);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None,
        });
        app.Run(context => Forward(client, to, context));
        await ((IHost)app).RunAsync(ct);
    }

    static async Task Forward(HttpMessageInvoker client, Uri to, HttpContext context)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(to, context.Request.Path));
        if (context.Request.ContentLength is > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        using var answer = await client.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name != "Transfer-Encoding") context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    static WebApplication Build(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        return builder.Build();
    }

    static Task Drain(HttpRequest request) => request.Body.CopyToAsync(Stream.Null);
}
