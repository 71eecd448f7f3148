namespace Ticketing.Common.Tests;

public class BoundedCacheTests
{
    [Fact]
    public void The_newest_are_remembered_and_never_more_than_two_generations()
    {
        var cache = new BoundedCache<int, int>(10);
        for (var i = 0; i < 1_000; i++)
        {
            cache.Set(i, i);
            Assert.All(Enumerable.Range(Math.Max(0, i - 9), Math.Min(i + 1, 10)), key =>
                Assert.True(cache.Contains(key)));
            Assert.InRange(Enumerable.Range(0, i + 1).Count(cache.Contains), Math.Min(i + 1, 10), 20);
        }
    }

    [Fact]
    public void A_value_is_replaced_only_if_it_is_to_be()
    {
        var cache = new BoundedCache<string, int>(10);
        cache.Set("a", 2);
        cache.Set("a", 1, replaces: known => known <= 1);
        Assert.True(cache.TryGet("a", out var kept));
        Assert.Equal(2, kept);
        cache.Set("a", 3, replaces: known => known <= 3);
        Assert.True(cache.TryGet("a", out var newer));
        Assert.Equal(3, newer);
        Assert.False(cache.TryGet("b", out _));
    }
}
