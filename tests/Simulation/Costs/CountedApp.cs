using System.Security.Claims;
using System.Text.Json;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Simulation.Costs;

/// <summary>
/// A service as its own <c>Build</c> composes it, in a simulated world: its endpoints are called directly, without a
/// server, and its background loops do not run.
/// </summary>
sealed class CountedApp
{
    public const string WebhookSecret = "whsec_counted";

    readonly WebApplication app;
    readonly List<Endpoint> endpoints;

    /// <param name="send">Receives what it publishes, and its own rule for broadcast events.</param>
    public CountedApp(string id, Func<string[], Action<WebApplicationBuilder>?, WebApplication> build, SimWorld world,
        Tally tally, Action<Event, string> send, Action<IServiceCollection>? replace = null)
    {
        Id = id;
        var replica = Replica.Start(id, world.Random, world.Clock);
        var sidecar = new CountingSidecar(
            new InMemorySidecar(new(), message => send(message, replica.RecentOfOthers)), id, tally);
        app = build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection([new("APP_API_TOKEN", ServiceHost.AppToken)]);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<ISidecar>(sidecar).AddSingleton(replica).AddSingleton(world.Clock).AddSingleton(world.Random)
                .AddSingleton<ReadSecret>((name, _) => Task.FromResult(
                    name == "stripe-webhook-secret" ? WebhookSecret : "sk_test_counted"))
                .AddOtherAppsStub(request =>
                    throw new InvalidOperationException($"{id} asks {request.RequestUri}: events should tell it."));
            replace?.Invoke(builder.Services);
        });
        endpoints = [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)];
    }

    public string Id { get; }
    public IServiceProvider Services => app.Services;

    /// <summary>The handlers of a topic that this message is routed to, each as a delivery to make.</summary>
    /// <param name="notOfItself">The rule that leaves out what the publisher has published.</param>
    public IEnumerable<Func<Task>> Receivers(Event message, string notOfItself) => endpoints
        .SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<ITopicMetadata>(), (endpoint, topic) => (endpoint, topic))
        .Where(one => one.topic.Name == message.Topic && one.topic.Match != notOfItself)
        .Select(one => (Func<Task>)(() => Call(one.endpoint, "", Envelope(message, one.topic.PubsubName), [])));

    /// <summary>Calls the route of the HTTP API and returns the answer's JSON.</summary>
    /// <exception cref="InvalidOperationException">It does not answer 2xx.</exception>
    public Task<JsonElement> Send(string method, string route, string user, object? body = null,
        (string Name, string Value)? header = null, params (string Name, string Value)[] values)
    {
        var endpoint = endpoints.OfType<RouteEndpoint>().Single(one => one.RoutePattern.RawText == route
            && one.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains(method));
        var bytes = body as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(body, JsonSerializerOptions.Web);
        return Call(endpoint, user, bytes, values, header);
    }

    async Task<JsonElement> Call(Endpoint endpoint, string user, byte[] body, (string Name, string Value)[] values,
        (string Name, string Value)? header = null)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/json";
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body);
        foreach (var (name, value) in values)
            context.Request.RouteValues[name] = value;
        if (header is { } given)
            context.Request.Headers[given.Name] = given.Value;
        context.User = new(new ClaimsIdentity([new("sub", user), new("sid", user)], "test"));
        context.Response.Body = new MemoryStream();
        context.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(context);
        context.Response.Body.Position = 0;
        var answer = await new StreamReader(context.Response.Body).ReadToEndAsync();
        return context.Response.StatusCode < 300
            ? JsonElement.Parse(answer)
            : throw new InvalidOperationException($"{endpoint}: {context.Response.StatusCode} {answer}");
    }

    static byte[] Envelope(Event message, string pubsub) => JsonSerializer.SerializeToUtf8Bytes(
        new Dictionary<string, object?>
        {
            ["specversion"] = "1.0", ["id"] = message.Id, ["type"] = message.Type, ["subject"] = message.Subject,
            ["topic"] = message.Topic, ["pubsubname"] = pubsub, ["datacontenttype"] = "application/json",
            ["data"] = message.Data,
        });

    sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }
}
