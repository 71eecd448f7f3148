namespace Ticketing.Flow.Tests;

public class JudgedStepTests
{
    [Theory]
    [InlineData(StepKind.Published, "", 0, "published")]
    [InlineData(StepKind.NotPublished, "broker away", 0, "not published: broker away")]
    [InlineData(StepKind.Handled, "applied", 1, "applied")]
    [InlineData(StepKind.Handled, "applied", 3, "applied on retry 2")]
    [InlineData(StepKind.Handled, "", 1, "applied")]
    [InlineData(StepKind.Handled, "stale", 1, "stale")]
    [InlineData(StepKind.Handled, "answered", 1, "answered")]
    [InlineData(StepKind.Failed, "503", 1, "failed: 503")]
    [InlineData(StepKind.Failed, "503", 3, "retry 2 failed: 503")]
    [InlineData(StepKind.Dropped, "dropped", 1, "dropped: dropped")]
    [InlineData(StepKind.DeadLettered, "503", 0, "dead letter: 503")]
    [InlineData(StepKind.Parked, "JsonException", 0, "parked: JsonException")]
    [InlineData(StepKind.NeverDelivered, "chaos", 0, "acknowledged, never delivered")]
    [InlineData(StepKind.Repeated, "chaos", 0, "sent a second time")]
    [InlineData(StepKind.Delayed, "chaos", 0, "held back")]
    [InlineData(StepKind.Reminded, "", 1, "reminder came")]
    public void A_step_is_put_into_words(StepKind kind, string outcome, int attempt, string words) =>
        Assert.Equal(words, StepText.Of(JudgedStep.All([Some.Step(0, kind, "tickets", outcome: outcome, attempt: attempt)]).Single()));

    [Fact]
    public void What_was_applied_before_is_a_duplicate_and_what_is_merely_old_is_stale()
    {
        var steps = Some.Story(
            Some.Step(0, StepKind.Published, "orders"),
            Some.Step(1, StepKind.Handled, "tickets", outcome: "applied"),
            Some.Step(2, StepKind.Handled, "tickets", outcome: "stale"),
            Some.Step(3, StepKind.Handled, "payments", outcome: "stale"));
        Assert.Equal([StepVerdict.Published, StepVerdict.Applied, StepVerdict.Duplicate, StepVerdict.Stale], steps.Select(s => s.Verdict));
    }

    // The same event goes to the same app twice on purpose: once to one of its replicas and once to every one.
    [Fact]
    public void A_broadcast_copy_is_no_duplicate()
    {
        var steps = Some.Story(
            Some.Step(1, StepKind.Handled, "orders", outcome: "applied"),
            Some.Step(2, StepKind.Handled, "orders", outcome: "stale", pubSub: "broadcast"));
        Assert.Equal(StepVerdict.Stale, steps[1].Verdict);
    }

    [Fact]
    public void Attempts_that_nobody_counted_are_counted()
    {
        var steps = Some.Story(
            Some.Step(1, StepKind.Failed, "tickets", outcome: "503"),
            Some.Step(2, StepKind.Failed, "tickets", outcome: "503"),
            Some.Step(3, StepKind.Handled, "tickets", outcome: "applied"),
            Some.Step(4, StepKind.Handled, "payments", outcome: "applied"));
        Assert.Equal(["failed: 503", "retry 1 failed: 503", "applied on retry 2", "applied"], steps.Select(StepText.Of));
    }

    // The publish is reported when the broker has answered; a fast subscriber may be done before that.
    [Fact]
    public void Nothing_is_delivered_before_it_was_published()
    {
        var steps = Some.Story(
            Some.Step(3, StepKind.Handled, "tickets", outcome: "applied"),
            Some.Step(5, StepKind.Published, "orders", took: 4));
        Assert.Equal(["orders", "tickets"], steps.Select(seen => seen.Step.App));
    }

    [Fact]
    public void Neither_is_it_when_the_clocks_of_two_machines_differ()
    {
        var steps = Some.Story(
            Some.Step(-500, StepKind.Handled, "tickets", outcome: "applied"),
            Some.Step(0, StepKind.Published, "orders"));
        Assert.Equal(["orders", "tickets"], steps.Select(seen => seen.Step.App));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "0af7651916cd43dd8448eb211c80319c")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-00", "")]
    [InlineData("0af7651916cd43dd8448eb211c80319c", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_trace_id_is_read_from_its_traceparent(string? traceParent, string id) =>
        Assert.Equal(id, Step.TraceIdOf(traceParent));
}
