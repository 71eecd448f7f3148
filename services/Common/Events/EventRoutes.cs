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
    public static RouteHandlerBuilder MapTopic(this RouteGroupBuilder events, string topic, Delegate handler) =>
        Map(events, $"/{topic}", handler, new()
        {
            PubsubName = DaprSidecar.PubSub,
            Name = topic,
            DeadLetterTopic = Topics.DeadLetters(Service<AppId>(events).Value),
        });

    /// <summary>
    /// Subscribes every replica to a topic, for messages that nobody needs: what one brings is also found elsewhere, only
    /// later. So what fails after all retries is dropped. A dead-letter topic would receive what no rule matches.
    /// </summary>
    /// <param name="rule">Chooses the messages; others are not delivered.</param>
    public static RouteHandlerBuilder MapBroadcast(
        this RouteGroupBuilder events, string topic, Delegate handler, Func<Replica, string> rule) =>
        Map(events, $"/{DaprSidecar.Broadcast}/{topic}", handler, new()
        {
            PubsubName = DaprSidecar.Broadcast,
            Name = topic,
            Match = rule(Service<Replica>(events)),
            Priority = 1,
        });

    static RouteHandlerBuilder Map(RouteGroupBuilder events, string route, Delegate handler, TopicOptions topic) =>
        events.MapPost(route, handler).WithTopic(topic)
            .AddEndpointFilter(new DeliveryWatch(Service<EventLog>(events), topic.PubsubName, topic.Name));

    /// <summary><c>GET /internal/flow</c>: this instance's event log, with the same filter as the pages.</summary>
    internal static void MapEventLog(this IEndpointRouteBuilder app) => app.MapInternal().MapGet("/flow",
        (HttpRequest request, EventLog log) => TypedResults.Ok(log.Find(StepFilter.From(request.Query))));

    static T Service<T>(IEndpointRouteBuilder routes) where T : notnull => routes.ServiceProvider.GetRequiredService<T>();
}
