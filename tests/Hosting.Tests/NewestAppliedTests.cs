using Ticketing.Common;

namespace Ticketing.Hosting.Tests;

public class NewestAppliedTests
{
    [Fact]
    public void What_is_not_newer_was_applied()
    {
        var newest = new NewestApplied<string, long>();
        Assert.False(newest.Has("a", 1));
        newest.Note("a", 3);
        newest.Note("a", 2);        // delivered late
        Assert.True(newest.Has("a", 3));
        Assert.True(newest.Has("a", 1));
        Assert.False(newest.Has("a", 4));
        Assert.False(newest.Knows("b"));
    }

    [Fact]
    public void Its_memory_is_bounded_and_what_is_forgotten_counts_as_unknown()
    {
        var newest = new NewestApplied<int, long>(rememberedMax: 10);
        for (var subject = 0; subject < 1_000; subject++)
            newest.Note(subject, 1);
        Assert.InRange(Enumerable.Range(0, 1_000).Count(newest.Knows), 10, 20);
        Assert.True(newest.Has(999, 1));
        Assert.False(newest.Has(0, 1));
    }
}
