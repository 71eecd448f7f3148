using System.Globalization;
using System.Net;
using Ticketing.Common;
using Ticketing.Sidecar;

namespace Ticketing.Run.Pages;

/// <summary>Copies the steps that the sidecars report into the ring that the flow page reads.</summary>
static class FlowCollector
{
    public static async Task Run(FlowFeed feed, StepRing ring, CancellationToken ct)
    {
        try
        {
            await foreach (var step in feed.Steps.ReadAllAsync(ct))
                if (IsWorthKeeping(step)) ring.Add(Translate(step));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutdown.
        }
    }

    // Every page makes several calls. Answered reads change nothing, and would push the events out of the ring.
    static bool IsWorthKeeping(FlowStep step) =>
        step.Kind != FlowKind.Invoked || step.Type is not ("GET" or "HEAD") || !IsAnswered(step.Outcome);

    static bool IsAnswered(string outcome) => Status(outcome) is >= 200 and < 500;

    // The sidecar reports the status of a call by name, such as "NotFound".
    static int? Status(string outcome) => Enum.TryParse<HttpStatusCode>(outcome, out var status) ? (int)status : null;

    public static Step Translate(FlowStep step) => new(
        step.At, Kind(step), step.AppId, step.PubSub, step.Topic, step.EventId, step.Type, Subject(step), step.Attempt,
        Outcome(step), step.Milliseconds, Step.TraceIdOf(step.TraceId));

    static string Subject(FlowStep step) => step.Kind == FlowKind.Invoked ? step.Subject.Split('?')[0] : step.Subject;

    static string Outcome(FlowStep step) => step switch
    {
        { Kind: FlowKind.Invoked } when Status(step.Outcome) is { } status => status.ToString(CultureInfo.InvariantCulture),
        // A failure that was not a delivery attempt.
        { Kind: FlowKind.Failed, Attempt: 0 } => $"its dead letter could not be written: {step.Outcome}",
        _ => step.Outcome,
    };

    static StepKind Kind(FlowStep step) => step.Kind switch
    {
        FlowKind.Published => StepKind.Published,
        FlowKind.PublishFailed => StepKind.NotPublished,
        FlowKind.Settled => StepKind.Handled,
        FlowKind.Failed => StepKind.Failed,
        FlowKind.Dropped => StepKind.Dropped,
        FlowKind.DeadLettered => StepKind.DeadLettered,
        FlowKind.Duplicated => StepKind.Repeated,
        FlowKind.Delayed => StepKind.Delayed,
        FlowKind.FalselyAcknowledged => StepKind.NeverDelivered,
        FlowKind.Invoked => StepKind.Called,
        FlowKind.Reminded or FlowKind.Ticked => StepKind.Reminded,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step.Kind, "No such kind of step."),
    };
}
