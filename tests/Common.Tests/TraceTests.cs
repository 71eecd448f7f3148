using System.Diagnostics;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>An event carries the trace of the command that decided it, whoever publishes it and whenever.</summary>
public class TraceTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();
    readonly Dictionary<string, string> callers = [];

    [Fact]
    public void Commands_decided_together_keep_their_own_callers_traces()
    {
        var one = new Instance(world, store);
        world.CompleteAll(() => new[] { "ann", "bob", "cyd" }.Select(who => As(who, () =>
            one.Counters.Update("a", c => c.Add(1)))));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([callers["ann"], callers["bob"], callers["cyd"]],
            one.Sidecar.Published.Select(e => e.TraceParent));
    }

    [Fact]
    public void An_answer_is_in_the_trace_of_its_asker()
    {
        var one = new Instance(world, store);
        world.Complete(() => As("ann", () => one.Counters.Update("a", c => c.Add(1))));
        world.CompleteAll(() => new[] { "bob", "cyd" }.Select(who => As(who, () =>
            one.Counters.Update("a", c => c.Tell()))));
        world.Run(TimeSpan.FromSeconds(1));

        Assert.Equal([callers["bob"], callers["cyd"]],
            one.Sidecar.Published.Where(e => e.Type == "told").Select(e => e.TraceParent));
    }

    [Fact]
    public void What_a_dead_process_did_not_publish_is_published_in_its_callers_trace()
    {
        var one = new Instance(world, store, call =>
            call.Operation is Operation.Publish ? Accident.DieBefore : Accident.None);
        _ = world.Within(() => As("ann", () => one.Counters.Update("a", c => c.Add(1))));
        world.Run(TimeSpan.FromSeconds(1));
        Assert.True(one.Sidecar.Dead);
        var other = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(30));

        Assert.Equal([("changed", callers["ann"])],
            other.Sidecar.Published.Select(e => (e.Type, e.TraceParent!)).Distinct());
    }

    [Fact]
    public void A_repeat_is_in_the_trace_of_what_it_repeats()
    {
        var one = new Instance(world, store);
        world.Complete(() => As("ann", () => one.Counters.Update("a", c => c.Ask())));
        one.Sidecar.Kill();
        var other = new Instance(world, store);
        world.Run(TimeSpan.FromSeconds(60));

        var repeats = other.Sidecar.Published.Where(e => e.Type == "again").ToList();
        Assert.NotEmpty(repeats);
        Assert.All(repeats, e => Assert.Equal(callers["ann"], e.TraceParent));
    }

    T As<T>(string who, Func<T> act)
    {
        var before = Activity.Current;
        using var caller = new Activity(who).SetIdFormat(ActivityIdFormat.W3C).Start();
        callers[who] = caller.Id!;
        var done = act();
        Activity.Current = before;
        return done;
    }
}
