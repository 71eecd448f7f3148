using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Ticketing.Flow.Tests;

public class StepFilterTests
{
    // Two consecutive orders of one ticket, and another ticket; the tests identify each step by its time.
    static readonly IReadOnlyList<JudgedStep> All = Some.Story(
        Some.Step(0, StepKind.Published, "tickets", "tickets:abc:1"),
        Some.Step(10, StepKind.Published, "orders", "orders:abc-1:1"),
        Some.Step(15, StepKind.Handled, "orders", "tickets:abc:1", "applied"),     // listed before, delivered late
        Some.Step(20, StepKind.Published, "tickets", "tickets:abc:2"),
        Some.Step(25, StepKind.Failed, "orders", "tickets:abc:2", "503", attempt: 1, trace: "f"),
        Some.Step(30, StepKind.Published, "payments", "payments:abc-1:1"),
        Some.Call(35, "api/orders/abc-1/refund?x=1"),
        Some.Step(40, StepKind.Published, "orders", "orders:abc-2:2"),
        Some.Step(45, StepKind.Handled, "orders", "tickets:abc:2", "applied", attempt: 2),   // the first order's, late
        Some.Step(50, StepKind.Published, "tickets", "tickets:abc:3"),
        Some.Step(60, StepKind.Published, "tickets", "tickets:xyz:1"),
        Some.Call(70, "api/users/signin"));

    [Theory]
    [InlineData("", "0 10 15 20 25 30 35 40 45 50 60 70")]
    [InlineData("?subject=abc", "0 10 15 20 25 30 35 40 45 50")]
    [InlineData("?subject=abc-1", "10 20 25 30 35 45")]
    [InlineData("?subject=abc-2", "40 50")]
    [InlineData("?subject=abc-3", "")]
    [InlineData("?subject=xyz", "60")]
    [InlineData("?app=payments", "30")]
    [InlineData("?app=web", "35 70")]
    [InlineData("?type=ticket.locked&app=orders", "15 25 45")]
    [InlineData("?outcome=published&subject=abc-1", "10 20 30")]
    [InlineData("?outcome=failed", "25")]
    [InlineData("?outcome=retry", "45")]
    [InlineData("?trace=F", "25")]
    [InlineData("?subject=%20abc-2%20&app=&trace=", "40 50")]
    [InlineData("?subject=<script>", "")]
    public void A_filter_finds_what_it_names(string query, string times)
    {
        var found = Filter(query).Apply(All);
        Assert.Equal(times, string.Join(' ', found.Select(seen => (seen.When - Some.Start).TotalMilliseconds)));
    }

    [Theory]
    [InlineData("?subject=abc-1&outcome=dead-letter")]
    [InlineData("?app=a%26b%3D%22")]
    [InlineData("")]
    public void It_comes_back_from_the_address_it_makes(string query) => Assert.Equal(query, Filter(query).ToQuery());

    [Fact]
    public void A_whole_traceparent_will_do() =>
        Assert.Equal(Some.Trace, Filter($"?trace=00-{Some.Trace}-b7ad6b7169203331-01").Trace);

    [Fact]
    public void What_is_too_long_to_be_meant_is_not_taken() =>
        Assert.True(Filter($"?subject={new string('x', 1000)}").IsEmpty);

    static StepFilter Filter(string query) => StepFilter.From(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
