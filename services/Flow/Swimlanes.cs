using Ticketing.Common;

namespace Ticketing.Flow;

/// <summary>
/// A diagram of steps: a lane per app, time downward, a row per step; an arrow from the publication of an event to each
/// delivery. A steep arrow was slow; of two arrows that cross, the later event came first.
/// </summary>
public sealed record Swimlanes(
    bool IsNarrow, int Width, int Height, IReadOnlyList<Lane> Lanes, IReadOnlyList<Mark> Marks,
    IReadOnlyList<Arrow> Arrows, IReadOnlyList<Pause> Pauses)
{
    /// <summary>Only the newest steps are drawn: a longer diagram cannot be read.</summary>
    public const int StepsMax = 300;

    const int RowHeight = 30, PauseHeight = 40, PauseGap = 22, TopMargin = 14, BottomMargin = 26;

    /// <summary>A time without steps that is longer than this is drawn as a <see cref="Pause"/>.</summary>
    static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(2);

    /// <summary>The lanes from left to right, in the order in which a purchase reaches the apps.</summary>
    static readonly string[] Order = ["web", "auth", "tickets", "orders", "payments", "expiration"];

    /// <param name="Gutter">The width of the column of times.</param>
    /// <param name="Inset">The space between it and the first lane.</param>
    /// <param name="Loop">The width of an arrow from a lane to itself.</param>
    sealed record Scale(int Gutter, int Inset, int LaneMin, int LaneMax, int Wanted, int Loop);

    static readonly Scale Wide = new(96, 18, 166, 250, 1112, 26), Narrow = new(56, 26, 62, 90, 330, 15);

    /// <param name="narrow">For a phone. A row has one step, so its text may cover the other lanes.</param>
    public static Swimlanes Of(IReadOnlyList<JudgedStep> steps, bool narrow = false)
    {
        var scale = narrow ? Narrow : Wide;
        steps = [.. steps.TakeLast(StepsMax)];
        var apps = steps.SelectMany(AppsOf).Distinct()
            .OrderBy(app => Array.IndexOf(Order, app) is >= 0 and var place ? place : Order.Length).ThenBy(app => app)
            .ToList();
        var pitch = Math.Clamp(
            (scale.Wanted - scale.Gutter) / Math.Max(1, apps.Count), scale.LaneMin, scale.LaneMax);
        var lanes = apps.Select((app, i) => new Lane(app, scale.Gutter + scale.Inset + (i * pitch))).ToList();
        var width = scale.Gutter + (apps.Count * pitch);
        var (marks, pauses, height) = Arrange(steps, lanes.ToDictionary(lane => lane.App, lane => lane.X));
        var arrows = new ArrowMaker(scale.Loop).Connect(marks, lanes);
        var side = arrows.ToDictionary(arrow => arrow.To, arrow => Math.Sign(arrow.FromX - arrow.To.X));
        return new(narrow, width, height, lanes, [.. marks.Select(Turn)], arrows, pauses);

        // The text stands on the side with room, and a little lower where an arrow ends.
        Mark Turn(Mark mark)
        {
            var isLeft = narrow && mark.X > (scale.Gutter + width) / 2;
            return mark with { IsLeft = isLeft, IsLow = side.GetValueOrDefault(mark) == (isLeft ? -1 : 1) };
        }
    }

    static IEnumerable<string> AppsOf(JudgedStep seen) =>
        seen.Verdict == StepVerdict.Called ? [seen.Step.App, seen.Step.Topic] : [seen.Step.App];

    static (List<Mark> Marks, List<Pause> Pauses, int Height) Arrange(
        IReadOnlyList<JudgedStep> steps, Dictionary<string, int> x)
    {
        var (marks, pauses) = (new List<Mark>(), new List<Pause>());
        var y = TopMargin;
        DateTimeOffset chapter = default, last = default;
        foreach (var seen in steps)
        {
            var silence = seen.When - last;
            var opens = marks.Count == 0 || silence >= PauseMin;
            if (opens)
            {
                if (marks.Count > 0)
                {
                    pauses.Add(new(y + PauseGap, PauseHeight, $"{StepText.Span(silence)} later"));
                    y += PauseHeight + (PauseGap / 2);
                }

                chapter = seen.When;
            }

            y += RowHeight;
            var app = seen.Verdict == StepVerdict.Called ? seen.Step.Topic : seen.Step.App;
            var time = opens ? StepText.Clock(seen.When) : $"+{StepText.Span(seen.When - chapter)}";
            marks.Add(new(seen, x[app], y, time, opens));
            last = seen.When;
        }

        return (marks, pauses, y + BottomMargin);
    }
}

/// <param name="X">The position of its vertical line.</param>
public sealed record Lane(string App, int X);

/// <summary>A step on its app's lane.</summary>
/// <param name="Opens">True for the first after a pause: it shows the clock's time, the others the time since
/// it.</param>
/// <param name="IsLeft">Its text stands to the left of it, else to the right.</param>
/// <param name="IsLow">Its text stands lower, since its arrow ends on that side.</param>
public sealed record Mark(
    JudgedStep Seen, int X, int Y, string Time, bool Opens, bool IsLeft = false, bool IsLow = false);

/// <summary>A time without steps.</summary>
public sealed record Pause(int Y, int Height, string Words);
