using System.Text;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

public class AggregateStoreTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void A_change_is_saved_published_and_leaves_the_journal()
    {
        var one = new Instance(world, store);
        var decision = world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(10));

        Assert.Equal((1, 1L), (decision.State!.Count, decision.State.Version));
        Assert.Equal(["changed:a:1"], one.Sidecar.Published.Select(e => e.Id));
        Assert.Empty(store.Slots());
    }

    [Fact]
    public void A_refusal_and_a_repeat_write_nothing()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        var refused = world.Complete(() => one.Counters.Update("a", c => c.Add(Counter.Full)));
        var repeated = world.Complete(() => one.Counters.Update("a", c => c.Answered()));

        Assert.Equal(Counter.IsFull, refused.Refusal);
        Assert.False(repeated.Changed);
        Assert.Equal(["changed:a:1"], one.Sidecar.Published.Select(e => e.Id));
    }

    [Fact]
    public void Commands_that_wait_for_one_key_share_a_load_an_entry_and_a_save()
    {
        var one = new Instance(world, store);
        var saves = 0;
        one.Sidecar.Script = call => Count(call, ref saves);
        var counts = world.CompleteAll(() =>
            Enumerable.Range(0, 100).Select(_ => one.Counters.Update("a", c => c.Add(1))));

        Assert.Equal(Enumerable.Range(1, 100), counts.Select(d => d.State!.Count));
        Assert.InRange(saves, 1, 4);
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(100, one.Sidecar.Published.Count);
    }

    static Accident Count(Call call, ref int saves)
    {
        if (call.Writes("counter:a"))
            saves++;
        return Accident.None;
    }

    [Theory]
    [InlineData(Accident.FailAfter)]
    [InlineData(Accident.ReplyConflict)]
    public void A_save_whose_reply_was_lost_is_not_decided_twice(Accident accident)
    {
        var one = new Instance(world, store);
        var once = true;
        one.Sidecar.Script = call => call.Writes("counter:a") && once && !(once = false)
            ? accident
            : Accident.None;
        var decision = world.Complete(() => one.Counters.Update("a", c => c.Add(5)));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.Equal(5, decision.State!.Count);
        Assert.Equal(5, world.Complete(() => one.Counters.Find("a"))!.Count);
        Assert.Equal(["changed:a:1"], one.Sidecar.Published.Select(e => e.Id));
    }

    [Fact]
    public void A_store_that_is_away_ends_in_try_again_and_the_next_command_works()
    {
        var one = new Instance(world, store) { Sidecar = { Script = _ => Accident.FailBefore } };
        Assert.Throws<TryAgainException>(() => world.Complete(() => one.Counters.Update("a", c => c.Add(1))));
        one.Sidecar.Script = _ => Accident.None;
        Assert.Equal(1, world.Complete(() => one.Counters.Update("a", c => c.Add(1))).State!.Count);
    }

    [Fact]
    public void A_rule_that_throws_is_seen_by_its_caller_alone()
    {
        var one = new Instance(world, store);
        var (bad, good) = world.Within(() => (
            one.Counters.Update("a", _ => throw new InvalidOperationException("a bug")),
            one.Counters.Update("a", c => c.Add(1))));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.IsType<InvalidOperationException>(bad.Exception!.InnerException);
        Assert.True(good.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_document_that_cannot_be_read_stops_nobody_else()
    {
        store.Save("counter:a", Encoding.UTF8.GetBytes("{ torn"), null);
        store.Save("journal:0", Encoding.UTF8.GetBytes("""{"entries":[{"id":"1","key":"counter:a"},{"id":"2","key":"counter:b"}]}"""), null);
        var one = new Instance(world, store);
        Assert.ThrowsAny<Exception>(() => world.Complete(() => one.Counters.Update("a", c => c.Add(1))));
        Assert.Equal(1, world.Complete(() => one.Counters.Update("b", c => c.Add(1))).State!.Count);
        world.Run(TimeSpan.FromSeconds(20));
        var left = Encoding.UTF8.GetString(store.Get("journal:0")!.Value.Value.Span);
        Assert.Contains("counter:a", left, StringComparison.Ordinal);
        Assert.DoesNotContain("counter:b", left, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_for_an_answer_is_said_again_until_it_is_answered()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Ask()));
        world.Run(TimeSpan.FromSeconds(30));
        var asked = one.Sidecar.Published.Count(e => e.Type == "again");
        Assert.InRange(asked, 3, 5);
        Assert.Equal(["counter:a"], store.Slots());

        world.Complete(() => one.Counters.Update("a", c => c.Answered()));
        world.Run(TimeSpan.FromSeconds(120));
        Assert.Equal(asked, one.Sidecar.Published.Count(e => e.Type == "again"));
        Assert.Empty(store.Slots());
    }

    [Fact]
    public void An_answer_is_published_without_a_write()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Tell()));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(["told:a:0"], one.Sidecar.Published.Select(e => e.Id));
        Assert.Null(store.Get("counter:a"));
    }

    [Fact]
    public void An_event_the_broker_did_not_take_is_published_later()
    {
        var down = true;
        var one = new Instance(world, store);
        one.Sidecar.Script = call => call.Operation == Operation.Publish && down ? Accident.FailBefore : Accident.None;
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(3));
        Assert.Empty(one.Sidecar.Published);
        down = false;
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(["changed:a:1"], one.Sidecar.Published.Select(e => e.Id).Distinct());
        Assert.Empty(store.Slots());
    }
}
