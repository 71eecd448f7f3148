using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.Tests.Resiliency;

public sealed class CircuitBreakerTests
{
    readonly FakeTimeProvider _time = new();

    [Theory]   // f fails, s succeeds, w waits the timeout, i waits the interval; then the state
    [InlineData("fffff", BreakerState.Closed)]
    [InlineData("ffffff", BreakerState.Open)]
    [InlineData("fffffsf", BreakerState.Closed)]
    [InlineData("ffffff w", BreakerState.HalfOpen)]
    [InlineData("ffffff w f", BreakerState.Open)]
    [InlineData("ffffff w s", BreakerState.HalfOpen)]
    [InlineData("ffffff w ss", BreakerState.Closed)]
    [InlineData("ffff i ff", BreakerState.Closed)]
    public void It_opens_after_six_failures_in_a_row_and_closes_after_as_many_successes_as_it_lets_through(
        string story, BreakerState state)
    {
        var breaker = new CircuitBreaker(new(2, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), null), _time);
        foreach (var step in story)
        {
            if (step == 'w') _time.Advance(TimeSpan.FromSeconds(61));
            else if (step == 'i') _time.Advance(TimeSpan.FromSeconds(11));
            else if (step != ' ') Attempt(breaker, failed: step == 'f');
        }

        Assert.Equal(state, breaker.State);
    }

    [Fact]
    public void Open_it_refuses_everything_and_half_open_all_but_its_probes()
    {
        var breaker = Opened(maxRequests: 1);
        Assert.False(breaker.TryEnter(out _, out var refusal));
        Assert.Equal("circuit breaker is open", refusal.Message);

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(breaker.TryEnter(out _, out _));
        Assert.False(breaker.TryEnter(out _, out refusal));
        Assert.Equal("too many requests", refusal.Message);
    }

    [Fact]
    public void What_began_in_an_earlier_generation_does_not_count_when_it_ends()
    {
        var breaker = Tripping(maxRequests: 1);
        breaker.TryEnter(out var early, out _);
        breaker.TryEnter(out var tripping, out _);
        breaker.Leave(tripping, failed: true);
        _time.Advance(TimeSpan.FromSeconds(61));

        breaker.Leave(early, failed: true);

        Assert.Equal(BreakerState.HalfOpen, breaker.State);
    }

    [Fact]
    public void The_breaker_unused_for_longest_makes_room()
    {
        var cache = new BreakerCache(new(1, TimeSpan.Zero, TimeSpan.FromSeconds(60), null), 2, _time);
        var a = cache.For("a");
        var b = cache.For("b");
        Assert.Same(a, cache.For("a"));
        cache.For("c");

        Assert.Same(a, cache.For("a"));
        Assert.NotSame(b, cache.For("b"));
    }

    static void Attempt(CircuitBreaker breaker, bool failed)
    {
        if (breaker.TryEnter(out var generation, out _)) breaker.Leave(generation, failed);
    }

    CircuitBreaker Tripping(int maxRequests) =>
        new(new(maxRequests, TimeSpan.Zero, TimeSpan.FromSeconds(60), new("totalFailures >= 1")), _time);

    CircuitBreaker Opened(int maxRequests)
    {
        var breaker = Tripping(maxRequests);
        Attempt(breaker, failed: true);
        return breaker;
    }
}
