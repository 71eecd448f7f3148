using System.Reflection;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

/// <summary>One topic, its publisher and its events.</summary>
public sealed record PublishedTopic(string Name, string PubSub, string Publisher, Type Data,
    IReadOnlyList<string> Types)
{
    public static IReadOnlyList<PublishedTopic> All { get; } =
    [
        new(Topics.Tickets, "pubsub", "tickets", typeof(TicketSnapshot), Constants(typeof(TicketEvents))),
        new(Topics.Orders, "pubsub", "orders", typeof(OrderSnapshot), Constants(typeof(OrderEvents))),
        new(Topics.Payments, "pubsub", "payments", typeof(PaymentSnapshot), Constants(typeof(PaymentEvents))),
        new(Topics.Expirations, "pubsub", "expiration", typeof(ExpirationElapsed), Constants(typeof(ExpirationEvents))),
        new(Topics.Sessions, "broadcast", "auth", typeof(SessionRevoked), Constants(typeof(SessionEvents))),
    ];

    static IReadOnlyList<string> Constants(Type words) =>
    [
        .. words.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!),
    ];
}
