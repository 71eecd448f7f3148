using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Actors;

namespace Ticketing.Sidecar.Tests.Actors;

public sealed class DueQueueTests : IDisposable
{
    readonly FakeTimeProvider clock = new();
    readonly List<(string Item, DateTimeOffset At)> handedOut = [];
    readonly DueQueue<string, string> queue;
    readonly DateTimeOffset start;

    public DueQueueTests()
    {
        start = clock.GetUtcNow();
        queue = new(clock, item => handedOut.Add((item, clock.GetUtcNow())));
    }

    public void Dispose() => queue.Dispose();

    [Fact]
    public void Items_come_in_the_order_of_time_and_never_early()
    {
        queue.Set("late", start.AddSeconds(3), "late");
        queue.Set("soon", start.AddSeconds(1), "soon");
        queue.Set("next year", start.AddDays(365), "next year");

        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(handedOut);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["soon"], handedOut.Select(h => h.Item));
        clock.Advance(TimeSpan.FromDays(364));
        Assert.Equal(["soon", "late"], handedOut.Select(h => h.Item));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["soon", "late", "next year"], handedOut.Select(h => h.Item));
    }

    [Fact]
    public void A_key_set_again_comes_once_at_its_new_time()
    {
        queue.Set("a", start.AddSeconds(1), "old");
        queue.Set("a", start.AddSeconds(2), "new");

        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([("new", start.AddSeconds(5))], handedOut);
    }

    [Fact]
    public void What_was_removed_does_not_come_even_when_many_were_removed()
    {
        for (var i = 0; i < 5_000; i++)
            queue.Set($"{i}", start.AddSeconds(1), $"{i}");
        for (var i = 0; i < 5_000; i++)
            Assert.Equal(i != 4_321, i != 4_321 && queue.Remove($"{i}"));
        Assert.False(queue.Remove("1"));

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["4321"], handedOut.Select(h => h.Item));
    }

    // The system's timer stands still while the machine sleeps; the clock does not.
    [Fact]
    public void What_became_due_while_the_machine_slept_comes_within_a_minute()
    {
        var sleeping = new SleepingMachine();
        using var late = new DueQueue<string, string>(sleeping, item => handedOut.Add((item, sleeping.GetUtcNow())));
        late.Set("a", sleeping.GetUtcNow().AddMinutes(15), "a");

        sleeping.Slept = TimeSpan.FromHours(8);
        sleeping.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["a"], handedOut.Select(h => h.Item));
    }

    sealed class SleepingMachine : FakeTimeProvider
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Slept;
    }

    [Fact]
    public void What_is_already_due_comes_at_once()
    {
        queue.Set("past", start.AddHours(-1), "past");

        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["past"], handedOut.Select(h => h.Item));
    }
}
