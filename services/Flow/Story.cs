using System.Globalization;
using Ticketing.Common;

namespace Ticketing.Flow;

/// <summary>All that was seen of one ticket and its orders, or of another subject, in one line.</summary>
/// <param name="Latest">What was published last.</param>
/// <param name="Trouble">Deliveries that stand badly now, and how many of each kind.</param>
/// <param name="MadeGood">Deliveries that went wrong for good, and whose subscriber heard a later event instead.</param>
public sealed record Story(
    string Subject, string Order, JudgedStep Latest, DateTimeOffset Until, int Events, int Deliveries,
    IReadOnlyList<(StepVerdict Verdict, int Count)> Trouble, int MadeGood)
{
    /// <summary>Those with the newest news first.</summary>
    public static IReadOnlyList<Story> All(IReadOnlyList<JudgedStep> all) =>
    [
        .. all.Where(seen => seen.Step.EventId.Length > 0 && Subjects.StoryOf(seen.Step).Length > 0)
            .GroupBy(seen => Subjects.StoryOf(seen.Step)).Select(steps => Of(steps.Key, [.. steps]))
            .OrderByDescending(story => story.Until),
    ];

    static Story Of(string subject, IReadOnlyList<JudgedStep> steps)
    {
        var deliveries = steps.Where(step => step.IsDelivery || step.Verdict is StepVerdict.DeadLetter or StepVerdict.Parked);
        var bad = deliveries.GroupBy(step => (step.Step.EventId, step.Step.App, step.Step.PubSub))
            .Select(delivery => delivery.Last()).Where(step => IsTrouble(step.Verdict)).ToLookup(step => IsMadeGood(step, steps));
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

    // Every event tells the whole state of its aggregate: who hears a later one has missed nothing.
    static bool IsMadeGood(JudgedStep bad, IReadOnlyList<JudgedStep> steps) => bad.Verdict != StepVerdict.Parked && steps.Any(later =>
        later.IsDelivery && !IsTrouble(later.Verdict)
        && later.When > bad.When && later.Step.App == bad.Step.App && later.Step.PubSub == bad.Step.PubSub
        && later.Step.Topic == bad.Step.Topic && later.Step.Subject == bad.Step.Subject);

    static bool IsTrouble(StepVerdict verdict) => verdict is StepVerdict.Failed or StepVerdict.Dropped or StepVerdict.DeadLetter
        or StepVerdict.Parked or StepVerdict.NeverDelivered;

    /// <summary>How it stands, e.g. <c>all delivered</c>, <c>1 in a dead letter</c>.</summary>
    public string State => Trouble.Count == 0
        ? Deliveries == 0 ? "on its way" : MadeGood == 0 ? "all delivered" : $"all well, {MadeGood} made good"
        : string.Join(", ", Trouble.Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Count} {item.Verdict switch
        {
            StepVerdict.Failed => "being retried",
            StepVerdict.DeadLetter => item.Count == 1 ? "dead letter" : "dead letters",
            StepVerdict.NeverDelivered => "never delivered",
            StepVerdict.Parked => "parked",
            _ => "dropped",
        }}")));

    public Tone Tone => Trouble.Count == 0 ? Deliveries == 0 ? Tone.Told : Tone.Good
        : Trouble.All(item => item.Verdict is StepVerdict.Failed) ? Tone.Warn : Tone.Bad;
}
