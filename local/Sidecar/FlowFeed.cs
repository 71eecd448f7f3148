using System.Threading.Channels;

namespace Ticketing.Sidecar;

/// <summary>The steps of every event, for the flow page. Reporting never waits: if the steps are not read, the oldest
/// are dropped.</summary>
public sealed class FlowFeed
{
    const int StepsKept = 8192;

    readonly Channel<FlowStep> _steps = Channel.CreateBounded<FlowStep>(
        new BoundedChannelOptions(StepsKept) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Each step goes to one reader only.</summary>
    public ChannelReader<FlowStep> Steps => _steps.Reader;

    public void Report(FlowStep step) => _steps.Writer.TryWrite(step);
}

/// <summary>One step in the delivery of an event.</summary>
/// <param name="AppId">The publisher's or the subscriber's app id, depending on the step.</param>
/// <param name="Type">The CloudEvents type; "" if the message is not a CloudEvent.</param>
/// <param name="Attempt">1 for the first attempt; 0 if there was none.</param>
/// <param name="Outcome">What the app reported (<c>applied</c>, <c>duplicate</c>, <c>stale</c>, <c>answered</c>), or
/// the error; else "".</param>
/// <param name="Milliseconds">How long the step took.</param>
public sealed record FlowStep(
    DateTimeOffset At, FlowKind Kind, string AppId, string PubSub, string Topic, string EventId, string Type,
    string Subject, int Attempt, string Outcome, double Milliseconds, string TraceId);

/// <summary>Failed attempts may be followed by another; Settled, Dropped and DeadLettered end a delivery, and so do the
/// accidents of a <see cref="ChaosPlan"/> in <see cref="FalselyAcknowledged"/>.</summary>
public enum FlowKind
{
    Published,
    PublishFailed,
    Settled,
    Failed,
    Dropped,
    DeadLettered,
    Duplicated,
    Delayed,
    FalselyAcknowledged,

    /// <summary>An app called another: the topic is the one called, the type the verb, the subject the path.</summary>
    Invoked,

    /// <summary>A reminder fired: the topic is the actor's type, the type the reminder's name, the subject the
    /// actor.</summary>
    Reminded,

    /// <summary>As <see cref="Reminded"/>, for a timer.</summary>
    Ticked,
}
