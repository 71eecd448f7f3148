using Ticketing.Contracts;

namespace Ticketing.Flow;

/// <summary>A step among the others: what became of the event, and when in their order.</summary>
/// <param name="When">Where it stands in time. A publication counts from its begin and a delivery from its end: nothing
/// is delivered before it was published, whatever the clocks of two machines say.</param>
/// <param name="Attempt">Counted, if nobody did.</param>
public sealed record Seen(Step Step, Verdict Verdict, int Attempt, DateTimeOffset When)
{
    /// <summary>The steps as people understand them, in the order of time.</summary>
    public static IReadOnlyList<Seen> All(IEnumerable<Step> steps)
    {
        var inTime = steps.Select(step => (Step: step, Start: Start(step))).ToList();
        var published = new Dictionary<string, DateTimeOffset>();
        foreach (var (step, start) in inTime.Where(item => item.Step.Kind == StepKind.Published))
            if (!published.TryGetValue(step.EventId, out var known) || start < known) published[step.EventId] = start;
        var ordered = inTime
            .Select(item => (item.Step, When: item.Step.Kind != StepKind.Published
                && published.TryGetValue(item.Step.EventId, out var start) && start > item.Start ? start : item.Start))
            .OrderBy(item => item.When).ThenBy(item => item.Step.Kind != StepKind.Published);
        var past = new Dictionary<Delivery, Past>();
        return [.. ordered.Select(item => Of(item.Step, item.When, past))];
    }

    static DateTimeOffset Start(Step step) =>
        step.Kind is StepKind.Published ? step.At - TimeSpan.FromMilliseconds(step.Milliseconds) : step.At;

    // The subscriber can only say that it knew as much already. Whoever watched knows whether it was this very event.
    static Seen Of(Step step, DateTimeOffset when, Dictionary<Delivery, Past> past)
    {
        var key = new Delivery(step.EventId, step.App, step.PubSub, step.Topic);
        var before = step.EventId.Length == 0 ? default : past.GetValueOrDefault(key);
        var verdict = VerdictOf(step, before.Applied);
        var isAttempt = step.Kind is StepKind.Handled or StepKind.Failed or StepKind.Dropped;
        var attempt = step.Attempt > 0 ? step.Attempt : isAttempt ? before.Failures + 1 : 0;
        past[key] = verdict switch
        {
            Verdict.Applied => new(0, true),
            Verdict.Failed => before with { Failures = before.Failures + 1 },
            _ when isAttempt => before with { Failures = 0 },
            _ => before,
        };
        return new(step, verdict, attempt, when);
    }

    static Verdict VerdictOf(Step step, bool appliedBefore) => step.Kind switch
    {
        StepKind.Published => Verdict.Published,
        StepKind.NotPublished => Verdict.NotPublished,
        StepKind.Failed => Verdict.Failed,
        StepKind.Dropped => Verdict.Dropped,
        StepKind.DeadLettered => Verdict.DeadLetter,
        StepKind.Parked => Verdict.Parked,
        StepKind.Repeated => Verdict.Repeated,
        StepKind.Delayed => Verdict.Delayed,
        StepKind.NeverDelivered => Verdict.NeverDelivered,
        StepKind.Called => Verdict.Called,
        StepKind.Reminded => step.Outcome.Length == 0 ? Verdict.Reminded : Verdict.Failed,
        _ => step.Outcome switch
        {
            "stale" => appliedBefore ? Verdict.Duplicate : Verdict.Stale,
            "duplicate" => Verdict.Duplicate,
            "answered" => Verdict.Answered,
            _ => Verdict.Applied,
        },
    };

    /// <summary>For somebody who does not see the steps before it: what they told of it is said.</summary>
    public Step AsTold() => Step with
    {
        Attempt = Attempt,
        Outcome = Verdict == Verdict.Duplicate ? "duplicate" : Step.Outcome,
    };

    public bool IsDeadLetterTopic => Step.Topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal);

    /// <summary>Whether it was delivered, or should have been.</summary>
    public bool IsDelivery => Verdict is Verdict.Applied or Verdict.Duplicate or Verdict.Stale or Verdict.Answered
        or Verdict.Failed or Verdict.Dropped or Verdict.NeverDelivered && Step.EventId.Length > 0;

    readonly record struct Delivery(string EventId, string App, string PubSub, string Topic);

    readonly record struct Past(int Failures, bool Applied);
}

/// <summary>What became of an event in one step.</summary>
public enum Verdict
{
    Published,
    NotPublished,
    Applied,
    Duplicate,
    Stale,
    Answered,
    Failed,
    Dropped,
    DeadLetter,
    Parked,
    NeverDelivered,
    Repeated,
    Delayed,
    Reminded,
    Called,
}
