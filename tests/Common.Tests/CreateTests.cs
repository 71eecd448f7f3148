using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary><c>Create</c> guesses that nothing is stored; a wrong guess only costs a refused save.</summary>
public class CreateTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void What_is_new_is_not_loaded()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("other", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(20));
        var calls = new List<Call>();
        one.Sidecar.Script = call => Note(calls, call);
        Assert.Equal(1, world.Complete(() => one.Counters.Create("a", c => c.Add(1))).State!.Count);
        Assert.Equal([Operation.Transact, Operation.Save, Operation.Publish],
            calls.Where(call => !call.Key.Contains("beat", StringComparison.Ordinal)).Select(call => call.Operation));
    }

    static Accident Note(List<Call> calls, Call call)
    {
        calls.Add(call);
        return Accident.None;
    }

    [Fact]
    public void What_exists_is_decided_on_as_it_is()
    {
        var one = new Instance(world, store);
        world.Complete(() => one.Counters.Update("a", c => c.Add(Counter.Full)));
        Assert.Equal(Counter.Full, world.Complete(() => one.Counters.Create("a", c => c.Answered())).State!.Count);
        Assert.Equal(Counter.IsFull, world.Complete(() => one.Counters.Create("a", c => c.Add(1))).Refusal);
        world.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(Counter.Full, world.Complete(() => one.Counters.Find("a"))!.Count);
        Assert.Empty(store.Slots());
    }

    public static TheoryData<int> Seeds => new(Enumerable.Range(0, 100));

    [Theory, MemberData(nameof(Seeds))]
    public void Two_processes_that_create_the_same_lose_nothing(int seed)
    {
        var (world, store) = (new SimWorld(seed), new InMemoryStore(isAtomic: seed % 2 == 0));
        var instances = new[] { new Instance(world, store), new Instance(world, store) };
        foreach (var one in instances)
            one.Sidecar.Script = _ => world.Random.Next(10) switch
            {
                0 => Accident.FailAfter,
                1 => Accident.ReplyConflict,
                2 => Accident.FailBefore,
                _ => Accident.None,
            };
        world.CompleteAll(() => instances.Select(one => one.Counters.Create("a", c => c.Add(1))));
        foreach (var one in instances)
            one.Sidecar.Script = _ => Accident.None;
        world.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(2, world.Complete(() => instances[0].Counters.Find("a"))!.Count);
        Assert.Equal(["changed:a:1", "changed:a:2"],
            instances.SelectMany(one => one.Sidecar.Published).Select(e => e.Id).Distinct().Order());
    }
}
