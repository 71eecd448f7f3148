using Dapr;
using Microsoft.AspNetCore.Routing;

namespace Ticketing.House.Tests;

/// <summary>The subscriptions of all services, read from their routes.</summary>
public sealed record Subscription(string App, string PubSub, string Topic, string? DeadLetters, string? Rule)
{
    public static IReadOnlyList<Subscription> All { get; } =
    [
        .. Of("auth", Auth.AuthApp.Build([])),
        .. Of("tickets", Tickets.TicketsApp.Build([])),
        .. Of("orders", Orders.OrdersApp.Build([])),
        .. Of("expiration", Expiration.ExpirationApp.Build([])),
        .. Of("payments", Payments.PaymentsApp.Build([])),
        .. Of("web", Web.WebApp.Build(["--contentRoot", Path.Combine(Repository.Root, "services/Web")])),
    ];

    static IEnumerable<Subscription> Of(string app, IEndpointRouteBuilder routes) => routes.DataSources
        .SelectMany(source => source.Endpoints)
        .Select(endpoint => (
            Topic: endpoint.Metadata.GetMetadata<ITopicMetadata>(),
            Dead: endpoint.Metadata.GetMetadata<IDeadLetterTopicMetadata>()))
        .Where(found => found.Topic is not null)
        .Select(found => new Subscription(
            app, found.Topic!.PubsubName, found.Topic.Name, found.Dead?.DeadLetterTopic, found.Topic.Match));
}
