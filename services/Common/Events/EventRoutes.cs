using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>Routes that browsers must not reach; <see cref="SidecarOnly"/> guards them by their path prefix.</summary>
public static class EventRoutes
{
    internal const string Prefix = "/events", InternalPrefix = "/internal";

    /// <summary>The group for messages: only this app's own sidecar may call it.</summary>
    public static RouteGroupBuilder MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGroup(Prefix).ExcludeFromDescription();

    /// <summary>
    /// The group for other apps (by service invocation) and operators, who must send the app API token.
    /// </summary>
    public static RouteGroupBuilder MapInternal(this IEndpointRouteBuilder app) =>
        app.MapGroup(InternalPrefix).ExcludeFromDescription();

    /// <summary>
    /// Subscribes a handler to a topic. It answers with an <see cref="Ack"/> and is called again after an exception;
    /// what still fails after all retries goes to the app's own dead letters, which the app reads.
    /// </summary>
    /// <param name="pubsub"><see cref="DaprSidecar.Broadcast"/> if every replica needs every message.</param>
    public static RouteHandlerBuilder MapTopic(this RouteGroupBuilder events, string topic, Delegate handler,
        string pubsub = DaprSidecar.PubSub) =>
        events.MapPost(RouteOf(pubsub, topic), handler).WithTopic(Subscription(events, pubsub, topic))
            .AddEndpointFilter(new DeliveryWatch(
                ((IEndpointRouteBuilder)events).ServiceProvider.GetRequiredService<EventLog>(), pubsub, topic));

    /// <summary><c>GET /internal/flow</c>: this instance's event log, with the same filter as the pages.</summary>
    internal static void MapEventLog(this IEndpointRouteBuilder app) => app.MapInternal().MapGet("/flow",
        (HttpRequest request, EventLog log) => TypedResults.Ok(log.Find(StepFilter.From(request.Query))));

    internal static string RouteOf(string pubsub, string topic) =>
        pubsub == DaprSidecar.PubSub ? $"/{topic}" : $"/{pubsub}/{topic}";

    internal static TopicOptions Subscription(IEndpointRouteBuilder routes, string pubsub, string topic) => new()
    {
        PubsubName = pubsub,
        Name = topic,
        DeadLetterTopic = Topics.DeadLetters(routes.ServiceProvider.GetRequiredService<AppId>().Value),
    };
}
