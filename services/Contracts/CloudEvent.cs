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
    // Handlers rely on the snapshot: a message without one is malformed JSON, not a null.
    public T Data { get; init; } = Data ?? throw new JsonException("The message has no data.");
}

/// <summary>The members of a message that do not depend on its data.</summary>
public interface IEnvelope
{
    string Id { get; }
    string Type { get; }
    string? Subject { get; }
}
