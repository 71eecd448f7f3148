using System.Globalization;
using Ticketing.Common;

namespace Ticketing.Flow;

/// <summary>A line of the overview: the events of one ticket and its orders, or of another subject.</summary>
/// <param name="Latest">The last published event.</param>
/// <param name="Trouble">Deliveries that have failed so far, counted by verdict.</param>
/// <param name="MadeGood">How many deliveries failed, but their subscriber has received a later event.</param>
public sealed record Story(
    string Subject, string Order, JudgedStep Latest, DateTimeOffset Until, int Events, int Deliveries,
    IReadOnlyList<(StepVerdict Verdict, int Count)> Trouble, int MadeGood)
{
    /// <summary>All stories, the one with the newest step first.</summary>
    public static IReadOnlyList<Story> All(IReadOnlyList<JudgedStep> all) =>
    [
        .. all.Where(seen => seen.Step.EventId.Length > 0 && Subjects.StoryOf(seen.Step).Length > 0)
            .GroupBy(seen => Subjects.StoryOf(seen.Step)).Select(steps => Of(steps.Key, [.. steps]))
            .OrderByDescending(story => story.Until),
    ];

    static Story Of(string subject, IReadOnlyList<JudgedStep> steps)
    {
        var deliveries = steps.Where(step =>
            step.IsDelivery || step.Verdict is StepVerdict.DeadLetter or StepVerdict.Parked);
        var bad = deliveries.GroupBy(step => (step.Step.EventId, step.Step.App, step.Step.PubSub))
            .Select(delivery => delivery.Last()).Where(step => IsTrouble(step.Verdict))
            .ToLookup(step => IsMadeGood(step, steps));
        var trouble = bad[false].GroupBy(step => step.Verdict)
            .Select(group => (group.Key, group.Count())).OrderByDescending(item => item.Key);
        return new(
            subject,
            steps.Select(step => Subjects.Of(step.Step)).Where(Subjects.IsOrder).MaxBy(Subjects.OrderNumber) ?? "",
            steps.LastOrDefault(step => step.Verdict == StepVerdict.Published) ?? steps[^1],
            steps[^1].When,
            steps.Select(step => step.Step.EventId).Distinct().Count(),
            steps.Count(step => step.IsDelivery),
            [.. trouble],
            bad[true].Count());
    }

    // Every event carries the whole state of its aggregate: with a later one the subscriber has missed nothing.
    static bool IsMadeGood(JudgedStep bad, IReadOnlyList<JudgedStep> steps) =>
        bad.Verdict != StepVerdict.Parked && steps.Any(later =>
            later.IsDelivery && !IsTrouble(later.Verdict)
            && later.When > bad.When && later.Step.App == bad.Step.App && later.Step.PubSub == bad.Step.PubSub
            && later.Step.Topic == bad.Step.Topic && later.Step.Subject == bad.Step.Subject);

    static bool IsTrouble(StepVerdict verdict) => verdict is StepVerdict.Failed or StepVerdict.Dropped
        or StepVerdict.DeadLetter or StepVerdict.Parked or StepVerdict.NeverDelivered;

    /// <summary>The state of its deliveries, e.g. <c>all delivered</c>, <c>1 dead letter</c>.</summary>
    public string State => Trouble.Count == 0
        ? Deliveries == 0 ? "on its way" : MadeGood == 0 ? "all delivered" : $"all well, {MadeGood} made good"
        : string.Join(", ", Trouble.Select(item =>
            $"{item.Count.ToString(CultureInfo.InvariantCulture)} {Text(item.Verdict, item.Count)}"));

    static string Text(StepVerdict verdict, int count) => verdict switch
    {
        StepVerdict.Failed => "being retried",
        StepVerdict.DeadLetter => count == 1 ? "dead letter" : "dead letters",
        StepVerdict.NeverDelivered => "never delivered",
        StepVerdict.Parked => "parked",
        _ => "dropped",
    };

    public Tone Tone => Trouble.Count == 0 ? Deliveries == 0 ? Tone.Told : Tone.Good
        : Trouble.All(item => item.Verdict is StepVerdict.Failed) ? Tone.Warn : Tone.Bad;
}
