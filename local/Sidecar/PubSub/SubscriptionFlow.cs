namespace Ticketing.Sidecar.PubSub;

/// <summary>Reports the steps of one subscription's events to the host.</summary>
sealed class SubscriptionFlow(AppSidecar sidecar, TopicSubscription subscription)
{
    TimeProvider Time => sidecar.Host.Time;

    public long Start() => Time.GetTimestamp();

    /// <param name="start">From <see cref="Start"/>; null for a step without a duration.</param>
    public void Report(FlowKind kind, IncomingEvent incoming, int attempt, string outcome, long? start = null) =>
        Report(kind, incoming, attempt, outcome, start is { } from ? Time.GetElapsedTime(from) : TimeSpan.Zero);

    public void Report(FlowKind kind, IncomingEvent incoming, int attempt, string outcome, TimeSpan took) =>
        sidecar.Host.Flow.Report(new(
            Time.GetUtcNow(), kind, sidecar.Options.AppId, subscription.PubSub, subscription.Topic, incoming.Id,
            incoming.Type, incoming.Subject, attempt, outcome, took.TotalMilliseconds, incoming.TraceParent ?? ""));

    public void Report(AppAnswer answer, IncomingEvent incoming, int attempt, long start)
    {
        var kind = answer.Kind switch
        {
            AnswerKind.Settled => FlowKind.Settled,
            AnswerKind.Dropped => FlowKind.Dropped,
            _ => FlowKind.Failed,
        };
        Report(kind, incoming, attempt, answer.Outcome, start);
    }
}
