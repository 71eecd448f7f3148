using System.Threading.Channels;

namespace Ticketing.Sidecar;

/// <summary>Everything that happens to events on their way, for the page that shows it. Reporting never waits: the
/// newest steps are kept, and when they are not read the oldest are dropped.</summary>
public sealed class FlowFeed
{
    const int StepsKept = 8192;

    readonly Channel<FlowStep> _steps = Channel.CreateBounded<FlowStep>(
        new BoundedChannelOptions(StepsKept) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Each step goes to one reader only.</summary>
    public ChannelReader<FlowStep> Steps => _steps.Reader;

    public void Report(FlowStep step) => _steps.Writer.TryWrite(step);
}

/// <summary>One step of one event on its way.</summary>
/// <param name="AppId">Of the publisher, or of the subscriber, whichever the step is about.</param>
/// <param name="Type">The CloudEvents type; "" when the message is none.</param>
/// <param name="Attempt">1 for the first; 0 where there was none.</param>
/// <param name="Outcome">What the app said it did (<c>applied</c>, <c>duplicate</c>, <c>stale</c>, <c>answered</c>), or
/// what went wrong; "" when there is nothing to say.</param>
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

    /// <summary>A reminder came: the topic is the actor's type, the type the reminder's name, the subject the
    /// actor.</summary>
    Reminded,

    /// <summary>As <see cref="Reminded"/>, for a timer.</summary>
    Ticked,
}
