using System.Text;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>Slots, beats, the directory, and what others do with those of a dead process.</summary>
public class JournalTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void A_commit_is_a_load_and_a_transaction()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        Assert.Equal([Operation.Get, Operation.Transact, Operation.Publish],
            Operations(one, () => one.Counters.Update("a", c => c.Add(1))));
    }

    [Fact]
    public void A_settled_commit_without_events_is_a_load_and_a_save_and_needs_no_slot()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Equal([Operation.Get, Operation.Save], Operations(one, () => one.Counters.Update("a", c => c.Note())));
        Assert.Empty(store.Slots());
    }

    [Fact]
    public void Ten_thousand_open_checkouts_make_no_other_commit_dearer()
    {
        var one = new Instance(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 10_000).Select(i => one.Counters.Update($"k{i}", c => c.Ask())));
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        Assert.Equal(10_000, one.Host.Unfinished.Keys.Count);
        var written = 0L;
        one.Sidecar.Script = call =>
        {
            if (call.Writes("counter:a"))
                written += call.Key.Split(',').Sum(key => store.Get(key)?.Value.Length ?? 0);
            return Accident.None;
        };
        Assert.Equal([Operation.Get, Operation.Transact, Operation.Publish],
            Operations(one, () => one.Counters.Update("a", c => c.Add(1))));
        Assert.InRange(written, 1, 1_000);
    }

    // Only the calls of this commit: the visits and beats of the process wait meanwhile.
    List<Operation> Operations(Instance instance, Func<Task> work)
    {
        var script = instance.Sidecar.Script;
        var operations = new List<Operation>();
        instance.Sidecar.Script = call =>
        {
            if (call.Key.StartsWith("journal:i", StringComparison.Ordinal)
                || call.Key.StartsWith("journal:b", StringComparison.Ordinal))
                return script(call);
            operations.Add(call.Operation);
            return script(call);
        };
        world.Within(work);
        world.Run(TimeSpan.FromMilliseconds(1));
        instance.Sidecar.Script = script;
        return operations;
    }

    [Fact]
    public void Two_replicas_leave_each_others_open_checkouts_alone()
    {
        var (one, two) = (new Instance(world, store), new Instance(world, store));
        world.Complete(() => one.Counters.Update("a", c => c.Ask()));
        world.Complete(() => two.Counters.Update("b", c => c.Ask()));
        var (a, b) = (store.Get("counter:a")!.Value.ETag, store.Get("counter:b")!.Value.ETag);
        world.Run(TimeSpan.FromMinutes(10));
        // Taking over writes the aggregate anew.
        Assert.Equal((a, b), (store.Get("counter:a")!.Value.ETag, store.Get("counter:b")!.Value.ETag));
        Assert.DoesNotContain(two.Sidecar.Published, e => e.Subject == "a");
        Assert.DoesNotContain(one.Sidecar.Published, e => e.Subject == "b");
        Assert.Equal(["counter:a", "counter:b"], store.Slots().Order());
    }

    [Fact]
    public void Commands_on_an_open_checkout_use_its_slot_and_settling_it_frees_the_slot()
    {
        var one = new Instance(world, store);
        for (var i = 0; i < 200; i++)
            world.Complete(() => one.Counters.Update("a", c => c.Waits ? c.Add(1) : c.Ask()));
        Assert.Equal(["counter:a"], store.Slots());
        Assert.Single(SlotKeys());
        world.Complete(() => one.Counters.Update("a", c => c.Answered()));
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Empty(store.Slots());
        Assert.Empty(one.Host.Unfinished.Keys);
    }

    [Fact]
    public void A_slot_of_unknown_outcome_is_never_used_again()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        var late = true;
        one.Sidecar.Script = call =>
            call.Operation == Operation.Transact && call.Writes("counter:a") && late && !(late = false)
                ? Accident.LandLate : Accident.None;
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        world.CompleteAll(() => Enumerable.Range(0, 100).Select(i => one.Counters.Update($"k{i}", c => c.Ask())));
        one.Sidecar.Thaw();   // now it overwrites its slot; its document is refused
        world.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(2, world.Complete(() => one.Counters.Find("a"))!.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"counter:k{i}").Append("counter:a").Order(),
            store.Slots().Order());
    }

    [Fact]
    public void Ten_thousand_entries_of_a_dead_process_are_recovered_within_ten_seconds()
    {
        var dead = new Instance(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 10_000).Select(i => dead.Counters.Update($"k{i}", c => c.Ask())));
        dead.Sidecar.Kill();
        world.Run(TimeSpan.FromSeconds(1));

        var other = new Instance(world, store);
        other.Sidecar.Latency = (TimeSpan.FromMilliseconds(2), world.Clock);
        // Ten seconds until it is taken for dead, at most 2.5 until the next sweep, ten for the work.
        world.Run(TimeSpan.FromSeconds(22.5));
        Assert.Equal(10_000, other.Host.Unfinished.Keys.Count);
        Assert.Empty(store.Slots(notOf: [other.Host.Journal.Instance]));
    }

    [Fact]
    public void A_dead_process_leaves_the_directory_a_day_after_its_last_slot_was_found_empty()
    {
        var dead = new Instance(world, store);
        world.Complete(() => dead.Counters.Update("a", c => c.Ask()));
        dead.Sidecar.Kill();
        var other = new Instance(world, store);
        world.Run(TimeSpan.FromHours(23));
        Assert.Contains(dead.Host.Journal.Instance, Directory(), StringComparison.Ordinal);
        var before = other.Sidecar.Calls;
        world.Run(TimeSpan.FromMinutes(10));
        // Two reads for each sweep, and the repeats of the aggregate that waits; hardly a look at the slots.
        Assert.InRange(other.Sidecar.Calls - before, 1, 1_100);
        world.Run(TimeSpan.FromHours(2));
        Assert.DoesNotContain(dead.Host.Journal.Instance, Directory(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_was_idle_for_days_is_listed_again_before_it_uses_a_slot()
    {
        var (idle, other) = (new Instance(world, store), new Instance(world, store));
        world.Complete(() => idle.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromHours(26));
        Assert.DoesNotContain(idle.Host.Journal.Instance, Directory(), StringComparison.Ordinal);
        world.Complete(() => idle.Counters.Update("b", c => c.Ask()));
        Assert.Contains(idle.Host.Journal.Instance, Directory(), StringComparison.Ordinal);
        idle.Sidecar.Kill();
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(["counter:b"], other.Host.Unfinished.Keys);
    }

    [Fact]
    public void A_torn_directory_stops_nothing_and_its_processes_are_found_once_it_is_repaired()
    {
        var dead = new Instance(world, store);
        world.Complete(() => dead.Counters.Update("a", c => c.Ask()));
        dead.Sidecar.Kill();
        var whole = store.Get(InstanceDirectory.Key)!.Value;
        Put(InstanceDirectory.Key, "{\"instances\":[{");

        var other = new Instance(world, store);
        Assert.Equal(1, world.Complete(() => other.Counters.Update("b", c => c.Add(1))).State!.Count);
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Empty(other.Host.Unfinished.Keys);
        other.Sidecar.Kill();
        var third = new Instance(world, store);
        Put(InstanceDirectory.Key, Encoding.UTF8.GetString(whole.Value.Span));
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(["counter:a"], third.Host.Unfinished.Keys);
    }

    [Fact]
    public void A_torn_slot_stops_no_other()
    {
        var dead = new Instance(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 3).Select(i => dead.Counters.Update($"k{i}", c => c.Ask())));
        dead.Sidecar.Kill();
        var torn = SlotKeys()[1];
        Put(torn, "{\"key");
        var other = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(2, other.Host.Unfinished.Keys.Count);
        Assert.Equal("{\"key", Encoding.UTF8.GetString(store.Get(torn)!.Value.Value.Span));
    }

    string Directory() => Encoding.UTF8.GetString(store.Get(InstanceDirectory.Key)!.Value.Value.Span);

    List<string> SlotKeys() => [.. store.Keys.Where(key =>
        key.Split(':') is ["journal", { Length: 20 }, _] && JournalSlot.Parse(store.Get(key)!.Value).Length > 0)];

    void Put(string key, string json) =>
        Assert.True(store.Save(key, Encoding.UTF8.GetBytes(json), store.Get(key)?.ETag));
}
