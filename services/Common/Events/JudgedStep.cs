using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>A step with its verdict, its attempt number and its place in the order of time.</summary>
/// <param name="When">A publication counts from its start and a delivery from its end, and no delivery comes before its
/// publication, even if the clocks of two machines differ.</param>
/// <param name="Attempt">Counted from the steps before, if the runtime did not say.</param>
public sealed record JudgedStep(Step Step, StepVerdict Verdict, int Attempt, DateTimeOffset When)
{
    /// <summary>All steps with their verdicts, in the order of time.</summary>
    public static IReadOnlyList<JudgedStep> All(IEnumerable<Step> steps)
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

    // A subscriber only reports "stale"; if the log has this very event as applied before, it is a duplicate.
    static JudgedStep Of(Step step, DateTimeOffset when, Dictionary<Delivery, Past> past)
    {
        var key = new Delivery(step.EventId, step.App, step.PubSub, step.Topic);
        var before = step.EventId.Length == 0 ? default : past.GetValueOrDefault(key);
        var verdict = VerdictOf(step, before.Applied);
        var isAttempt = step.Kind is StepKind.Handled or StepKind.Failed or StepKind.Dropped;
        var attempt = step.Attempt > 0 ? step.Attempt : isAttempt ? before.Failures + 1 : 0;
        past[key] = verdict switch
        {
            StepVerdict.Applied => new(0, true),
            StepVerdict.Failed => before with { Failures = before.Failures + 1 },
            _ when isAttempt => before with { Failures = 0 },
            _ => before,
        };
        return new(step, verdict, attempt, when);
    }

    static StepVerdict VerdictOf(Step step, bool appliedBefore) => step.Kind switch
    {
        StepKind.Published => StepVerdict.Published,
        StepKind.NotPublished => StepVerdict.NotPublished,
        StepKind.Failed => StepVerdict.Failed,
        StepKind.Dropped => StepVerdict.Dropped,
        StepKind.DeadLettered => StepVerdict.DeadLetter,
        StepKind.Parked => StepVerdict.Parked,
        StepKind.Repeated => StepVerdict.Repeated,
        StepKind.Delayed => StepVerdict.Delayed,
        StepKind.NeverDelivered => StepVerdict.NeverDelivered,
        StepKind.Called => StepVerdict.Called,
        StepKind.Reminded => step.Outcome.Length == 0 ? StepVerdict.Reminded : StepVerdict.Failed,
        _ => step.Outcome switch
        {
            "stale" => appliedBefore ? StepVerdict.Duplicate : StepVerdict.Stale,
            "duplicate" => StepVerdict.Duplicate,
            "answered" => StepVerdict.Answered,
            _ => StepVerdict.Applied,
        },
    };

    /// <summary>
    /// The step with verdict and attempt written into it, for readers who do not have the earlier steps.
    /// </summary>
    public Step WithVerdict() => Step with
    {
        Attempt = Attempt,
        Outcome = Verdict == StepVerdict.Duplicate ? "duplicate" : Step.Outcome,
    };

    public bool IsDeadLetterTopic => Step.Topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal);

    /// <summary>Whether it was a delivery, or should have been one.</summary>
    public bool IsDelivery => Verdict is StepVerdict.Applied or StepVerdict.Duplicate or StepVerdict.Stale
        or StepVerdict.Answered or StepVerdict.Failed or StepVerdict.Dropped
        or StepVerdict.NeverDelivered && Step.EventId.Length > 0;

    readonly record struct Delivery(string EventId, string App, string PubSub, string Topic);

    readonly record struct Past(int Failures, bool Applied);
}

/// <summary>What became of an event in one step.</summary>
public enum StepVerdict
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
