namespace Ticketing.Contracts;

/// <summary>
/// What a subscriber receives (CloudEvents 1.0, as Dapr delivers it). <paramref name="Data"/> is the whole snapshot;
/// <paramref name="Subject"/> names the aggregate.
/// </summary>
public sealed record CloudEvent<T>(
    string Id, string Type, T Data, string? Subject = null, string? Source = null, string? Topic = null,
    string? TraceParent = null) where T : class;
