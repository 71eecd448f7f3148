using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Contracts;

/// <summary>
/// An event as it is stored in an aggregate's outbox and as it is published. <see cref="Id"/> is the same however often
/// it is published, so that every copy can be recognised.
/// </summary>
public sealed record Event(string Id, string Topic, string Type, string Subject, JsonElement Data)
    : Extensible
{
    /// <summary>The W3C trace context of the command that decided it; null if that had none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    public static Event Of(string type, TicketSnapshot ticket) =>
        Make(Topics.Tickets, type, ticket.Id, ticket.Version, ticket.Again, ticket,
            ContractsJson.Default.TicketSnapshot);

    public static Event Of(string type, OrderSnapshot order) =>
        Make(Topics.Orders, type, order.Id, order.BookVersion, order.Again, order,
            ContractsJson.Default.OrderSnapshot);

    public static Event Of(string type, PaymentSnapshot payment) =>
        Make(Topics.Payments, type, payment.OrderId, payment.Version, payment.Again, payment,
            ContractsJson.Default.PaymentSnapshot);

    public static Event Of(ExpirationElapsed elapsed) =>
        new($"{Topics.Expirations}:{elapsed.OrderId}", Topics.Expirations, ExpirationEvents.Elapsed, elapsed.OrderId,
            JsonSerializer.SerializeToElement(elapsed, ContractsJson.Default.ExpirationElapsed));

    public static Event Of(SessionRevoked revoked) =>
        new($"{Topics.Sessions}:{revoked.SessionId}{Moment(revoked.BegunBefore)}", Topics.Sessions,
            SessionEvents.Revoked, revoked.SessionId,
            JsonSerializer.SerializeToElement(revoked, ContractsJson.Default.SessionRevoked));

    // All sessions of a user may be revoked more than once: each time is an event with its own id.
    static string Moment(DateTimeOffset? begunBefore) =>
        begunBefore is { } moment ? $":{moment.UtcTicks.ToString(CultureInfo.InvariantCulture)}" : "";

    static Event Make<T>(
        string topic, string type, string subject, long version, bool again, T data, JsonTypeInfo<T> json) =>
        new($"{IdOf(topic, subject, version)}{(again ? ":again" : "")}", topic, type, subject,
            JsonSerializer.SerializeToElement(data, json));

    /// <summary>The id of the event that published this version of an aggregate.</summary>
    public static string IdOf(string topic, string subject, long version) => $"{topic}:{subject}:{version}";
}
