namespace Ticketing.Flow.Tests;

public class StepRingTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void It_keeps_the_newest_ten_thousand_in_order()
    {
        var ring = new StepRing();
        for (var i = 1; i <= 12_345; i++) ring.Add(Some.Step(i, StepKind.Published, "orders"));
        var all = ring.All();
        Assert.Equal(10_000, all.Count);
        Assert.Equal(Enumerable.Range(2_346, 10_000).Select(i => (long)i), all.Select(step => step.Number));
        Assert.Equal([12_344, 12_345], ring.After(12_343).Select(step => step.Number));
        Assert.Empty(ring.After(12_345));
    }

    [Fact]
    public async Task Who_waits_hears_of_the_next_step_and_who_is_behind_at_once()
    {
        var ring = new StepRing();
        var first = ring.WaitBeyond(0, Ct);
        var second = ring.WaitBeyond(0, Ct);
        Assert.False(first.IsCompleted);
        ring.Add(Some.Step(0, StepKind.Published, "orders"));
        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.True(ring.WaitBeyond(0, Ct).IsCompleted);
        Assert.False(ring.WaitBeyond(1, Ct).IsCompleted);
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer()
    {
        var ring = new StepRing();
        using var gone = new CancellationTokenSource();
        var waiting = ring.WaitBeyond(0, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
