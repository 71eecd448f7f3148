using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ticketing.Expiration;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>
/// The actors' host. Its sidecar takes every timer and every reminder, and passes calls of actors on.
/// </summary>
sealed class ExpirationSuite : Suite
{
    WebApplication sidecar = null!;
    HttpClient actors = null!;

    public override string Name => "expiration";

    protected override async Task Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        sidecar = builder.Build();
        sidecar.Run(Pass);
        await sidecar.StartAsync();
        var host = await Add(ExpirationApp.Build,
            app => app.Configuration["DAPR_HTTP_ENDPOINT"] = sidecar.Urls.Single());
        actors = new() { BaseAddress = host.Address };
    }

    public override string? Text(string name, int number) => name switch
    {
        "actorTypeName" => ExpirationActor.TypeName,
        "actorId" => Order(number),
        "methodName" => nameof(IExpirationActor.Apply),
        "reminderName" or "timerName" => ExpirationActor.Deadline,
        _ => null,
    };

    public override void Complete(RequestDraft draft, int number)
    {
        var path = draft.Route.Text;
        if (!path.Contains("{actorId}", StringComparison.Ordinal) || draft.Method == "DELETE")
            return;
        var elapsed = Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $$"""{"orderId":"{{Order(number)}}","expiresAt":"2031-01-01T00:00:00Z"}"""));
        draft.Json = Node.Of(JsonElement.Parse(path.Contains("/remind/", StringComparison.Ordinal)
                || path.Contains("/timer/", StringComparison.Ordinal)
            ? $$"""{"data":"{{elapsed}}","dueTime":"0h0m1s0ms","period":"0h0m30s0ms","callback":"PublishElapsed"}"""
            : new Samples(this, number).Of(typeof(Contracts.OrderSnapshot), Json).ToString()));
        draft.ContentType = "application/json";
    }

    async Task Pass(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!path.Contains("/method/", StringComparison.Ordinal))
        {
            context.Response.StatusCode = (int)HttpStatusCode.NoContent;
            return;
        }
        using var call = new HttpRequestMessage(HttpMethod.Put, path["/v1.0".Length..])
        {
            Content = new StreamContent(context.Request.Body),
        };
        call.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        call.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await actors.SendAsync(call, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await sidecar.DisposeAsync();
        actors.Dispose();
    }
}
