using System.Text.Json;

namespace Ticketing.Contracts;

/// <summary>
/// What a subscriber receives (CloudEvents 1.0, as Dapr delivers it). <paramref name="Data"/> is the whole snapshot;
/// <paramref name="Subject"/> names the aggregate.
/// </summary>
public sealed record CloudEvent<T>(
    string Id, string Type, T Data, string? Subject = null, string? Source = null, string? Topic = null,
    string? TraceParent = null) : IEnvelope where T : class
{
    public string Id { get; init; } = Id ?? throw new JsonException("The message has no id.");
    public string Type { get; init; } = Type ?? throw new JsonException("The message has no type.");
    // Whoever handles it may count on a snapshot: a message without one is broken JSON, not a null to trip over.
    public T Data { get; init; } = Data ?? throw new JsonException("The message has no data.");
}

/// <summary>What is known of a message whatever it is about.</summary>
public interface IEnvelope
{
    string Id { get; }
    string Type { get; }
    string? Subject { get; }
}
