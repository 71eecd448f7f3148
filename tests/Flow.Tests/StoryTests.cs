namespace Ticketing.Flow.Tests;

public class StoryTests
{
    [Theory]
    [InlineData("", "on its way", Tone.Told)]
    [InlineData("tickets Handled applied", "all delivered", Tone.Good)]
    [InlineData("tickets Failed 503", "1 being retried", Tone.Warn)]
    [InlineData("tickets Failed 503; tickets Handled applied", "all delivered", Tone.Good)]
    [InlineData("tickets Failed 503; tickets DeadLettered 503", "1 dead letter", Tone.Bad)]
    [InlineData("tickets DeadLettered 503; tickets Handled applied", "all delivered", Tone.Good)]
    [InlineData("tickets DeadLettered 503; tickets Parked bad", "1 parked", Tone.Bad)]
    [InlineData("tickets NeverDelivered chaos; payments NeverDelivered chaos; orders Failed 503",
        "2 never delivered, 1 being retried", Tone.Bad)]
    public void A_story_is_told_in_a_line(string deliveries, string state, Tone tone)
    {
        var steps = deliveries.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select((words, i) => Some.Step(i + 1, Enum.Parse<StepKind>(words[1]), words[0], outcome: words[2]));
        var story = Story.All(Some.Story([Some.Step(0, StepKind.Published, "orders"), .. steps])).Single();
        Assert.Equal((state, tone), (story.State, story.Tone));
    }

    // Events are snapshots: a later one contains what the lost one would have told.
    [Fact]
    public void What_was_never_delivered_is_made_good_by_what_came_after()
    {
        var lost = Some.Step(1, StepKind.NeverDelivered, "tickets", "orders:abc-1:1");
        var other = Some.Step(2, StepKind.Handled, "payments", "orders:abc-1:2", "applied");
        var later = Some.Step(3, StepKind.Handled, "tickets", "orders:abc-1:2", "applied");
        Assert.Equal("1 never delivered", Story.All(Some.Story(lost, other)).Single().State);
        var story = Story.All(Some.Story(lost, other, later)).Single();
        Assert.Equal(("all well, 1 made good", Tone.Good), (story.State, story.Tone));
    }

    [Fact]
    public void A_ticket_and_its_orders_are_one_story_and_the_newest_comes_first()
    {
        var stories = Story.All(Some.Story(
            Some.Step(0, StepKind.Published, "tickets", "tickets:abc:1"),
            Some.Step(1, StepKind.Published, "tickets", "tickets:xyz:1"),
            Some.Step(2, StepKind.Published, "orders", "orders:abc-9:2"),
            Some.Step(3, StepKind.Published, "orders", "orders:abc-10:3"),
            Some.Step(4, StepKind.Handled, "tickets", "orders:abc-10:3", "applied"),
            Some.Call(5, "api/orders/xyz-1")));
        Assert.Equal(["abc", "xyz"], stories.Select(story => story.Subject));
        Assert.Equal("abc-10", stories[0].Order);
        Assert.Equal((3, 1), (stories[0].Events, stories[0].Deliveries));
        Assert.Equal("orders:abc-10:3", stories[0].Latest.Step.EventId);
    }
}
