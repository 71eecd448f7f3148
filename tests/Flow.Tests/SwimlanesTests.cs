namespace Ticketing.Flow.Tests;

public class SwimlanesTests
{
    static readonly IReadOnlyList<JudgedStep> Bought = Some.Story(
        Some.Step(0, StepKind.Published, "orders"),
        Some.Step(5, StepKind.Handled, "tickets", outcome: "applied"),
        Some.Step(6, StepKind.Handled, "payments", outcome: "applied"),
        Some.Step(7, StepKind.Handled, "orders", outcome: "applied", pubSub: "broadcast"),
        Some.Step(9_000, StepKind.Handled, "expiration", outcome: "applied"));

    [Fact]
    public void Lanes_stand_in_the_order_of_a_purchase_and_only_where_something_happened() => Assert.Equal(
        ["tickets", "orders", "payments", "expiration"], Swimlanes.Of(Bought).Lanes.Select(lane => lane.App));

    [Fact]
    public void Every_step_has_a_row_of_its_own_on_its_lane()
    {
        var picture = Swimlanes.Of(Bought);
        Assert.Equal(Bought, picture.Marks.Select(mark => mark.Seen));
        Assert.Equal(picture.Marks.Select(mark => mark.Y).Order().Distinct(), picture.Marks.Select(mark => mark.Y));
        Assert.All(picture.Marks, mark =>
            Assert.Equal(picture.Lanes.Single(lane => lane.App == mark.Seen.Step.App).X, mark.X));
        Assert.All(picture.Marks, mark => Assert.InRange(mark.Y, 0, picture.Height));
    }

    [Fact]
    public void An_arrow_goes_from_the_publisher_to_each_subscriber()
    {
        var picture = Swimlanes.Of(Bought);
        var orders = picture.Lanes.Single(lane => lane.App == "orders").X;
        Assert.Equal(["tickets", "payments", "orders", "expiration"], picture.Arrows.Select(a => a.To.Seen.Step.App));
        Assert.All(picture.Arrows, arrow => Assert.StartsWith($"M{orders},{picture.Marks[0].Y}", arrow.Path));
    }

    [Fact]
    public void Words_make_room_for_an_arrow_that_comes_from_their_side()
    {
        var marks = Swimlanes.Of(Bought).Marks;
        Assert.Equal(["tickets"], marks.Where(mark => mark.IsLow).Select(mark => mark.Seen.Step.App));
    }

    [Fact]
    public void On_a_phone_all_lanes_are_seen_at_once_and_words_stay_on_the_screen()
    {
        var picture = Swimlanes.Of(Bought, narrow: true);
        Assert.InRange(picture.Width, 0, 340);
        Assert.Equal(["payments", "expiration"], picture.Marks.Where(m => m.IsLeft).Select(m => m.Seen.Step.App));
        Assert.Equal(["tickets", "payments", "expiration"], picture.Marks.Where(m => m.IsLow).Select(m => m.Seen.Step.App));
    }

    [Fact]
    public void A_silence_is_drawn_and_the_clock_is_told_after_it()
    {
        var picture = Swimlanes.Of(Bought);
        Assert.Equal("9.0 s later", Assert.Single(picture.Pauses).Words);
        Assert.Equal(["12:00:00.000", "+5 ms", "+6 ms", "+7 ms", "12:00:09.000"], picture.Marks.Select(mark => mark.Time));
    }

    [Fact]
    public void An_event_whose_beginning_nobody_saw_comes_from_the_margin()
    {
        var picture = Swimlanes.Of(Some.Story(Some.Step(0, StepKind.Handled, "tickets", outcome: "applied")));
        Assert.True(Assert.Single(picture.Arrows).FromX < picture.Lanes.Single().X);
    }

    [Fact]
    public void A_second_chance_comes_from_the_dead_letter_and_not_from_the_publisher()
    {
        var picture = Swimlanes.Of(Some.Story(
            Some.Step(0, StepKind.Published, "orders"),
            Some.Step(1, StepKind.Failed, "tickets", outcome: "503", attempt: 1),
            Some.Step(2, StepKind.DeadLettered, "tickets", outcome: "503"),
            Some.Step(3, StepKind.Handled, "tickets", outcome: "applied", topic: "tickets.dead")));
        var second = picture.Arrows[^1];
        Assert.Equal("second chance taken", StepText.Of(second.To.Seen));
        Assert.StartsWith($"M{picture.Marks[2].X},{picture.Marks[2].Y}C", second.Path);
    }

    [Fact]
    public void What_was_said_again_is_delivered_from_where_it_was_said_last()
    {
        var picture = Swimlanes.Of(Some.Story(
            Some.Step(0, StepKind.Published, "orders", "orders:abc-1:3:again"),
            Some.Step(9, StepKind.Published, "orders", "orders:abc-1:3:again"),
            Some.Step(10, StepKind.Handled, "tickets", "orders:abc-1:3:again", "answered")));
        Assert.StartsWith($"M{picture.Marks[1].X},{picture.Marks[1].Y}L", Assert.Single(picture.Arrows).Path);
    }

    [Fact]
    public void A_picture_has_an_end()
    {
        var many = Some.Story([.. Enumerable.Range(0, 1000).Select(i => Some.Step(i, StepKind.Published, "orders", $"orders:a-{i}:1"))]);
        var picture = Swimlanes.Of(many);
        Assert.Equal(Swimlanes.StepsMax, picture.Marks.Count);
        Assert.Equal("orders:a-999:1", picture.Marks[^1].Seen.Step.EventId);
    }

    [Fact]
    public void Of_nothing_there_is_an_empty_picture() => Assert.Empty(Swimlanes.Of([]).Marks);
}
