using System.Text;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>
/// At every call a process is killed, frozen or given a wrong reply; every committed event is published.
/// </summary>
public class CrashTests
{
    public static TheoryData<int, Accident> EveryStep()
    {
        var steps = new TheoryData<int, Accident>();
        for (var call = 1; call <= 16; call++)
        {
            steps.Add(call, Accident.DieBefore);
            steps.Add(call, Accident.DieAfter);
        }
        return steps;
    }

    [Theory, MemberData(nameof(EveryStep))]
    public void What_was_committed_before_a_crash_is_published_after_it(int diesAt, Accident how)
    {
        var (world, store) = (new SimWorld(diesAt), new InMemoryStore());
        var first = new Instance(world, store);
        var start = first.Sidecar.Calls;
        first.Sidecar.Script = call => call.Number - start == diesAt ? how : Accident.None;
        world.Within(() => first.Counters.Update("a", c => c.Add(1)));
        world.Within(() => first.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(1));
        first.Sidecar.Kill();

        var second = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(10));
        AssertAllPublished(world, second, [first, second], "a");
    }

    [Fact]
    public void A_save_that_was_frozen_while_another_took_over_is_refused()
    {
        var (world, store) = (new SimWorld(7), new InMemoryStore());
        var frozen = new Instance(world, store);
        frozen.Sidecar.Script = call =>
            call is { Operation: Operation.Save, Key: "counter:a" } ? Accident.Freeze : Accident.None;
        var update = world.Within(() => frozen.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(1));

        var other = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Null(world.Complete(() => other.Counters.Find("a")));

        // The frozen process continues: its save is refused, and it decides again on the new state.
        frozen.Sidecar.Script = _ => Accident.None;
        frozen.Sidecar.Thaw();
        world.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(1, world.Complete(() => update).State!.Count);
        AssertAllPublished(world, other, [frozen, other], "a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Whatever_happens_every_committed_version_is_said_and_counted_once(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 150; seed++)
            RunSeed(seed);
    }

    // Three processes, two keys, thirty commands; calls fail, report wrongly and freeze; processes are killed and
    // restarted.
    static void RunSeed(int seed)
    {
        var (world, store) = (new SimWorld(seed), new InMemoryStore());
        var all = new List<Instance>();
        var calm = false;
        Instance Start()
        {
            var started = new Instance(world, store, call => calm ? Accident.None : Draw(world.Random, call));
            all.Add(started);
            return started;
        }
        var living = new[] { Start(), Start(), Start() };
        var answered = new List<Task<Decision<Counter>>>();
        for (var i = 0; i < 30; i++)
        {
            var at = world.Random.Next(living.Length);
            if (living[at].Sidecar.Dead)
                living[at] = Start();
            var key = world.Random.Next(2) == 0 ? "a" : "b";
            answered.Add(world.Within(() => living[at].Counters.Update(key, c => c.Add(1))));
            world.Run(TimeSpan.FromMilliseconds(world.Random.Next(2000)));
            foreach (var instance in all)
                instance.Sidecar.Thaw();
        }
        calm = true;
        foreach (var instance in all)
            instance.Sidecar.Thaw();
        foreach (var instance in living.Take(2))
            instance.Sidecar.Kill();
        var last = Start();
        world.Run(TimeSpan.FromSeconds(60));

        var yes = answered.Count(task => task.IsCompletedSuccessfully && task.Result.Changed);
        var counted = new[] { "a", "b" }.Sum(key => world.Complete(() => last.Counters.Find(key))?.Count ?? 0);
        Assert.True(yes <= counted && counted <= 30, $"Seed {seed}: {yes} answered, {counted} counted.");
        AssertAllPublished(world, last, all, "a");
        AssertAllPublished(world, last, all, "b");
        for (var shard = 0; shard < Journal.Shards; shard++)
            if (store.Get(Journal.ShardKey(shard)) is { } stored)
                Assert.True(Journal.Parse(stored).Entries.Count == 0, $"Seed {seed}: the journal is not empty.");
    }

    [Fact]
    public void A_damaged_journal_is_an_error_and_once_it_is_repaired_work_goes_on()
    {
        var (world, store) = (new SimWorld(3), new InMemoryStore());
        SetJournals(store, "{\"entries\":[{");
        var instance = new Instance(world, store);
        var refused = world.Within(() => instance.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromMinutes(1));
        Assert.IsType<TryAgainException>(refused.Exception?.InnerException);
        Assert.Null(store.Get("counter:a"));

        SetJournals(store, "{\"entries\":[]}");
        Assert.Equal(1, world.Complete(() => instance.Counters.Update("a", c => c.Add(1))).State!.Count);
        AssertAllPublished(world, instance, [instance], "a");
        Assert.True(instance.Runs.Status is TaskStatus.WaitingForActivation, "Recovery has ended.");
    }

    static void SetJournals(InMemoryStore store, string json)
    {
        foreach (var key in Enumerable.Range(0, Journal.Shards).Select(Journal.ShardKey))
            Assert.True(store.Save(key, Encoding.UTF8.GetBytes(json), store.Get(key)?.ETag));
    }

    [Fact]
    public void A_rule_that_threw_is_not_applied_when_its_batch_is_decided_again()
    {
        var (world, store) = (new SimWorld(5), new InMemoryStore());
        var instance = new Instance(world, store);
        var saves = 0;
        instance.Sidecar.Script = call =>
            call is { Operation: Operation.Save, Key: "counter:a" } && ++saves == 2 ? Accident.FailBefore : Accident.None;
        var thrown = false;
        _ = world.Within(() => instance.Counters.Update("a", c => c.Add(1)));
        var bug = world.Within(() => instance.Counters.Update("a", c =>
            thrown ? c.Add(10) : throw new InvalidOperationException($"a bug, {thrown = true}")));
        var good = world.Within(() => instance.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(10));

        Assert.True(saves >= 3, "The batch was not decided again.");
        Assert.IsType<InvalidOperationException>(bug.Exception?.InnerException);
        Assert.Equal(2, world.Complete(() => good).State!.Count);
        Assert.Equal(2, world.Complete(() => instance.Counters.Find("a"))!.Count);
    }

    static Accident Draw(Random random, Call call) => random.Next(100) switch
    {
        < 4 => Accident.FailBefore,
        < 8 => Accident.FailAfter,
        < 11 => Accident.ReplyConflict,
        < 13 => Accident.Freeze,
        13 when call.Operation != Operation.Get => Accident.DieBefore,
        14 when call.Operation != Operation.Get => Accident.DieAfter,
        _ => Accident.None,
    };

    static void AssertAllPublished(SimWorld world, Instance reader, IEnumerable<Instance> instances, string key)
    {
        var version = world.Complete(() => reader.Counters.Find(key))?.Version ?? 0;
        var published = instances.SelectMany(instance => instance.Sidecar.Published)
            .Where(e => e.Type == "changed" && e.Subject == key)
            .Select(e => e.Id).ToHashSet();
        for (var v = 1; v <= version; v++)
            Assert.Contains($"changed:{key}:{v}", published);
        // Nothing is published that was not committed.
        Assert.Equal(version, published.Count);
    }
}
