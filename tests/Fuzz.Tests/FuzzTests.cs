namespace Ticketing.Fuzz.Tests;

/// <summary>
/// Twenty thousand inputs, the same in every run, over all routes of the hosts. To send one of them alone, set
/// <c>FUZZ_SEED=… FUZZ_ONLY=suite:index</c>, as in the report of a failure.
/// </summary>
public sealed class FuzzTests(Campaign campaign) : IClassFixture<Campaign>
{
    /// <summary>The in-memory stores keep the listings, accounts and orders that inputs created.</summary>
    const long GrownMax = 300L * 1024 * 1024;

    public static TheoryData<string> Suites =>
    [
        "auth", "tickets", "orders", "payments", "expiration", "web", "ingress",
    ];

    [Theory]
    [MemberData(nameof(Suites))]
    public void No_input_breaks(string suite)
    {
        var report = campaign.Of(suite).Report;
        Assert.True(report.Faults.Length == 0, $"{report.Stopped}\n{report.Faults}");
    }

    // A route that refuses every input before its handler runs is not tested.
    [Theory]
    [MemberData(nameof(Suites))]
    public void Every_route_is_reached(string name)
    {
        Assert.SkipWhen(campaign.Settings.IsReplay, "One input reaches one route.");
        var (suite, report) = campaign.Of(name);
        var expected = suite.Routes.Where(route => suite.IsNeverReached(route) || suite.IsHidden(route))
            .Select(route => route.Name).ToHashSet();
        Assert.Equal("", string.Join('\n', report.Unreached(expected.Contains)));
    }

    [Fact]
    public void The_heap_does_not_grow_without_end() => Assert.InRange(campaign.Grown, long.MinValue, GrownMax);
}
