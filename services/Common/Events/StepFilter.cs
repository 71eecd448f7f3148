using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>A filter of steps, as in a page's query string; "" matches everything.</summary>
/// <param name="Subject">A ticket (with its orders), an order (with the events of its ticket while it was the newest
/// order) or any other subject.</param>
/// <param name="Outcome">A verdict as <see cref="NameOf"/> spells it, or <c>retry</c>.</param>
/// <param name="Trace">A trace id, or the <c>traceparent</c> it is part of.</param>
public sealed record StepFilter(
    string Subject = "", string App = "", string Outcome = "", string Type = "", string Trace = "")
{
    const int LengthMax = 100;

    public bool IsEmpty => this == new StepFilter();

    public static StepFilter From(IQueryCollection query) => new(
        Read(query, "subject"), Read(query, "app"), Read(query, "outcome"), Read(query, "type"),
        Read(query, "trace") is var trace && Step.TraceIdOf(trace) is { Length: > 0 } id ? id : trace);

    /// <summary>The verdict as the query string spells it.</summary>
    public static string NameOf(StepVerdict verdict) => verdict switch
    {
        StepVerdict.NotPublished => "not-published",
        StepVerdict.DeadLetter => "dead-letter",
        StepVerdict.NeverDelivered => "never-delivered",
        _ => verdict.ToString().ToLowerInvariant(),
    };

    static string Read(IQueryCollection query, string name) =>
        query[name] is [{ Length: <= LengthMax } text] ? text.Trim() : "";

    /// <summary>The query string with its question mark; "" if the filter is empty.</summary>
    public string ToQuery()
    {
        (string Name, string Value)[] all =
            [("subject", Subject), ("app", App), ("outcome", Outcome), ("type", Type), ("trace", Trace)];
        var set = all.Where(item => item.Value.Length > 0)
            .Select(item => $"{item.Name}={Uri.EscapeDataString(item.Value)}");
        return string.Join('&', set) is { Length: > 0 } query ? $"?{query}" : "";
    }

    /// <summary>The address of the page with this path and this filter.</summary>
    public string At(string path) => path + ToQuery();

    /// <summary>
    /// The matching steps. It needs all steps: which of the ticket's steps belong to an order depends on when the order
    /// began.
    /// </summary>
    public IReadOnlyList<JudgedStep> Apply(IReadOnlyList<JudgedStep> all)
    {
        var concerns = Subject.Length == 0 ? _ => true : Concerning(all);
        return [.. all.Where(seen => concerns(seen) && MatchesOutcome(seen)
            && (App.Length == 0 || seen.Step.App == App || seen.Verdict == StepVerdict.Called && seen.Step.Topic == App)
            && (Type.Length == 0 || seen.Step.Type == Type)
            && (Trace.Length == 0 || seen.Step.TraceId.Equals(Trace, StringComparison.OrdinalIgnoreCase)))];
    }

    bool MatchesOutcome(JudgedStep seen) => Outcome.Length == 0
        || NameOf(seen.Verdict) == Outcome
        || Outcome == "retry" && seen.Attempt > 1;

    Func<JudgedStep, bool> Concerning(IReadOnlyList<JudgedStep> all)
    {
        if (!Subjects.IsOrder(Subject)) return seen => Subjects.StoryOf(seen.Step) == Subject;
        var ticket = Subjects.TicketOf(Subject);
        var number = Subjects.OrderNumber(Subject);
        var starts = all
            .Where(seen => Subjects.StoryOf(seen.Step) == ticket && Subjects.IsOrder(Subjects.Of(seen.Step)))
            .GroupBy(seen => Subjects.OrderNumber(Subjects.Of(seen.Step)))
            .ToDictionary(order => order.Key, order => order.First().When);
        if (!starts.TryGetValue(number, out var from)) return _ => false;
        var until = starts.Where(order => order.Key > number).Select(order => order.Value)
            .DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        // An event and its deliveries belong together: the time of its first step counts.
        var first = new Dictionary<string, DateTimeOffset>();
        foreach (var seen in all) first.TryAdd(seen.Step.EventId, seen.When);
        // A ticket has one order at a time: its steps from here to the next order belong to this one.
        return seen => Subjects.Of(seen.Step) is var subject
            && (subject == Subject || subject == ticket && IsMeanwhile(seen));

        bool IsMeanwhile(JudgedStep seen)
        {
            var at = seen.Step.EventId.Length == 0 ? seen.When : first[seen.Step.EventId];
            return at >= from && at < until;
        }
    }
}
