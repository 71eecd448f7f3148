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
    public void What_was_committed_before_a_crash_is_published_after_it(int diesAt, Accident how) =>
        Crash(diesAt, how, counters => counters.Update("a", c => c.Add(1)));

    [Theory, MemberData(nameof(EveryStep))]
    public void What_was_created_without_a_load_before_a_crash_is_published_after_it(int diesAt, Accident how) =>
        Crash(diesAt, how, counters => counters.Create("a", c => c.Add(1)));

    static void Crash(int diesAt, Accident how, Func<AggregateStore<Counter>, Task> command)
    {
        var (world, store) = (new SimWorld(diesAt), new InMemoryStore());
        var first = new Instance(world, store);
        var start = first.Sidecar.Calls;
        first.Sidecar.Script = call => call.Number - start == diesAt ? how : Accident.None;
        world.Within(() => command(first.Counters));
        world.Within(() => command(first.Counters));
        world.Run(TimeSpan.FromSeconds(1));
        first.Sidecar.Kill();

        var second = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(20));
        AssertAllPublished(world, second, [first, second], "a");
    }

    [Fact]
    public void A_save_that_was_frozen_while_another_took_over_is_refused()
    {
        var (world, store) = (new SimWorld(7), new InMemoryStore());
        var frozen = new Instance(world, store);
        var hangs = false;
        frozen.Sidecar.Script = call => (hangs |= call.Writes("counter:a")) ? Accident.Freeze : Accident.None;
        var update = world.Within(() => frozen.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(1));

        var other = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Null(world.Complete(() => other.Counters.Find("a")));
        Assert.IsType<TryAgainException>(update.Exception?.InnerException);

        // The frozen process continues: its save is refused.
        frozen.Sidecar.Script = _ => Accident.None;
        frozen.Sidecar.Thaw();
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Null(world.Complete(() => other.Counters.Find("a")));
        Assert.Equal(1, world.Complete(() => frozen.Counters.Update("a", c => c.Add(1))).State!.Count);
        AssertAllPublished(world, other, [frozen, other], "a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transaction_that_lands_after_its_senders_death_is_found(bool isAtomic)
    {
        var (world, store) = (new SimWorld(11), new InMemoryStore(isAtomic));
        var sender = new Instance(world, store);
        world.Complete(() => sender.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(20));
        sender.Sidecar.Script = call => call.Writes("counter:a") ? Accident.LandLate : Accident.None;
        world.Within(() => sender.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromMilliseconds(1));
        sender.Sidecar.Kill();

        var other = new Instance(world, store);
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(1, world.Complete(() => other.Counters.Find("a"))!.Count);
        sender.Sidecar.Thaw();
        world.Run(TimeSpan.FromMinutes(6));
        Assert.Equal(2, world.Complete(() => other.Counters.Find("a"))!.Count);
        AssertAllPublished(world, other, [sender, other], "a");
    }

    [Fact]
    public void Two_processes_that_create_the_same_aggregate_do_not_overwrite_each_other()
    {
        // On Redis a transaction cannot ask for a key to be absent.
        var (world, store) = (new SimWorld(12), new InMemoryStore(isAtomic: false));
        var (one, two) = (new Instance(world, store), new Instance(world, store));
        world.CompleteAll(() => [one.Counters.Update("a", c => c.Add(1)), two.Counters.Update("a", c => c.Add(1))]);
        Assert.Equal(2, world.Complete(() => one.Counters.Find("a"))!.Count);
        world.Run(TimeSpan.FromSeconds(20));
        AssertAllPublished(world, one, [one, two], "a");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Whatever_happens_every_committed_version_is_said_and_counted_once(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + 150; seed++)
            RunSeed(seed, isAtomic: seed % 2 == 0);
    }

    // Three processes, two keys, thirty commands; calls fail, report wrongly and freeze; processes are killed and
    // restarted.
    static void RunSeed(int seed, bool isAtomic)
    {
        var (world, store) = (new SimWorld(seed), new InMemoryStore(isAtomic));
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
        world.Run(TimeSpan.FromSeconds(200));

        var yes = answered.Count(task => task.IsCompletedSuccessfully && task.Result.Changed);
        var counted = new[] { "a", "b" }.Sum(key => world.Complete(() => last.Counters.Find(key))?.Count ?? 0);
        Assert.True(yes <= counted && counted <= 30, $"Seed {seed}: {yes} answered, {counted} counted.");
        AssertAllPublished(world, last, all, "a");
        AssertAllPublished(world, last, all, "b");
        // A slot of unknown outcome is not used again: it keeps its name as long as its process lives.
        var here = new[] { living[2], last }.Where(instance => !instance.Sidecar.Dead).ToList();
        Assert.True(store.Slots(notOf: [.. here.Select(instance => instance.Host.Journal.Instance)]).Count == 0,
            $"Seed {seed}: the journal is not empty.");
        Assert.True(here.All(instance => instance.Host.Unfinished.Keys.Count == 0), $"Seed {seed}: some is unfinished.");
    }

    [Fact]
    public void A_rule_that_threw_is_not_applied_when_its_batch_is_decided_again()
    {
        var (world, store) = (new SimWorld(5), new InMemoryStore());
        var instance = new Instance(world, store);
        var saves = 0;
        instance.Sidecar.Script = call =>
            call.Writes("counter:a") && ++saves == 2 ? Accident.FailBefore : Accident.None;
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
        < 15 when call.Operation is Operation.Save or Operation.Transact => Accident.LandLate,
        15 => Accident.FirstWriteOnly,
        16 when call.Operation != Operation.Get => Accident.DieBefore,
        17 when call.Operation != Operation.Get => Accident.DieAfter,
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
