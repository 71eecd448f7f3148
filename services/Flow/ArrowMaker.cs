using System.Globalization;
using Ticketing.Common;

namespace Ticketing.Flow;

/// <summary>Draws an arrow to each delivery from where its event was published.</summary>
/// <param name="loop">The width of an arrow from a lane to itself.</param>
sealed class ArrowMaker(int loop)
{
    const int DotRadius = 5, HeadLength = 8, HeadHalf = 4, LostShort = 18;

    public List<Arrow> Connect(IReadOnlyList<Mark> marks, IReadOnlyList<Lane> lanes)
    {
        var x = lanes.ToDictionary(lane => lane.App, lane => lane.X);
        var arrows = new List<Arrow>();
        var published = new Dictionary<string, Mark>();
        var deadLettered = new Dictionary<(string, string), Mark>();
        foreach (var mark in marks)
        {
            var step = mark.Seen.Step;
            if (mark.Seen.Verdict == StepVerdict.Called)
                arrows.Add(Between(x[step.App], mark.Y, mark));
            else if (mark.Seen.IsDelivery)
            {
                var from = mark.Seen.IsDeadLetterTopic
                    ? deadLettered.GetValueOrDefault((step.EventId, step.App))
                    : published.GetValueOrDefault(step.EventId);
                // Its publication was not recorded, or is no longer in the log: the arrow starts at the margin.
                arrows.Add(from is null ? Between(mark.X - loop, mark.Y, mark) : Between(from.X, from.Y, mark));
            }

            if (mark.Seen.Verdict == StepVerdict.Published) published[step.EventId] = mark;
            if (mark.Seen.Verdict == StepVerdict.DeadLetter) deadLettered[(step.EventId, step.App)] = mark;
        }

        return arrows;
    }

    Arrow Between(int x1, int y1, Mark to)
    {
        var isLost = to.Seen.Verdict == StepVerdict.NeverDelivered;
        return x1 == to.X ? Loop(x1, y1, to) : Straight(x1, y1, to, isLost ? LostShort : DotRadius + 1);
    }

    /// <param name="gap">The distance between its tip and the lane.</param>
    static Arrow Straight(int x1, int y1, Mark to, int gap)
    {
        var (dx, dy) = ((double)(to.X - x1), (double)(to.Y - y1));
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        var (ux, uy) = (dx / length, dy / length);
        var (tipX, tipY) = (to.X - (ux * gap), to.Y - (uy * gap));
        var (baseX, baseY) = (tipX - (ux * HeadLength), tipY - (uy * HeadLength));
        var head = $"{Text(tipX)},{Text(tipY)} {Text(baseX - (uy * HeadHalf))},{Text(baseY + (ux * HeadHalf))} "
            + $"{Text(baseX + (uy * HeadHalf))},{Text(baseY - (ux * HeadHalf))}";
        return new(to, x1, $"M{x1},{y1}L{Text(baseX)},{Text(baseY)}", head, tipX, tipY);
    }

    // From a lane to itself: out to the left and back in.
    Arrow Loop(int x, int y1, Mark to)
    {
        var tipX = x - DotRadius - 1;
        var baseX = tipX - HeadLength;
        return new(to, x, $"M{x},{y1}C{x - loop},{y1} {x - loop - 6},{to.Y} {baseX},{to.Y}",
            $"{tipX},{to.Y} {baseX},{to.Y - HeadHalf} {baseX},{to.Y + HeadHalf}", tipX, to.Y);
    }

    static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}

/// <param name="FromX">Its start.</param>
/// <param name="Head">The corners of its head.</param>
/// <param name="TipX">Its end.</param>
public sealed record Arrow(Mark To, int FromX, string Path, string Head, double TipX, double TipY);
