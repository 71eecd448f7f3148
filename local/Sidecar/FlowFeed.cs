namespace Ticketing.Sidecar;

/// <summary>Everything that happens to events on their way, for whoever wants to watch; costs nothing unwatched.</summary>
public sealed class FlowFeed
{
    public event Action<FlowStep>? Stepped;

    public bool IsWatched => Stepped is not null;

    public void Report(FlowStep step) => Stepped?.Invoke(step);
}

/// <summary>One step of one event: published, delivered, retried, dropped, dead-lettered…</summary>
/// <param name="Attempt">1 for the first delivery.</param>
/// <param name="Detail">Status code, error, or "".</param>
public sealed record FlowStep(
    DateTimeOffset At, string AppId, FlowKind Kind, string PubSub, string Topic, string EventId, string Route, int Attempt, string Detail);

public enum FlowKind { Published, Delivered, Acknowledged, Failed, Retried, Dropped, DeadLettered, Duplicated, Delayed, FalselyAcknowledged }
