using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>Whatever hangs, a command is answered within ten seconds.</summary>
public class DeadlineTests
{
    readonly SimWorld world = new(1);

    [Theory]
    [InlineData(Operation.Get)]
    [InlineData(Operation.Save)]
    [InlineData(Operation.Transact)]
    public void A_store_that_hangs_answers_try_again_within_ten_seconds(Operation hanging)
    {
        var one = new Instance(world, new());
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        one.Sidecar.Script = call => call.Operation == hanging ? Accident.Freeze : Accident.None;
        var commands = new[] { "a", "a", "b" }
            .Select(id => world.Within(() => one.Counters.Update(id, c => c.Add(1)))).ToList();
        var second = world.Within(() => Later("a"));
        world.Run(TimeSpan.FromSeconds(10.001));
        foreach (var command in commands.Where(command => !command.IsCompletedSuccessfully))
            Assert.IsType<TryAgainException>(command.Exception?.InnerException);
        world.Run(TimeSpan.FromSeconds(4));
        Assert.True(second.IsCompletedSuccessfully || second.Exception?.InnerException is TryAgainException);

        one.Sidecar.Script = _ => Accident.None;
        one.Sidecar.Thaw();
        world.Run(TimeSpan.FromSeconds(30));
        Assert.True(world.Complete(() => one.Counters.Update("a", c => c.Add(1))).State!.Count >= 2);

        async Task<Decision<Counter>> Later(string id)
        {
            await Task.Delay(TimeSpan.FromSeconds(4), world.Clock);
            return await one.Counters.Update(id, c => c.Add(1));
        }
    }

    [Fact]
    public void A_read_that_hangs_answers_try_again_within_ten_seconds()
    {
        var one = new Instance(world, new());
        one.Sidecar.Script = call => call.Operation == Operation.Get ? Accident.Freeze : Accident.None;
        var read = world.Within(() => one.Counters.Find("a"));
        world.Run(TimeSpan.FromSeconds(10.001));
        Assert.IsType<TryAgainException>(read.Exception?.InnerException);
    }

    [Fact]
    public void A_broker_that_hangs_stops_no_command_for_longer()
    {
        var one = new Instance(world, new());
        one.Sidecar.Script = call => call.Operation == Operation.Publish ? Accident.Freeze : Accident.None;
        world.Complete(() => one.Counters.Update("a", c => c.Add(1)));
        var next = world.Within(() => one.Counters.Update("a", c => c.Add(1)));
        world.Run(TimeSpan.FromSeconds(10.001));
        Assert.True(next.IsCompleted);
        one.Sidecar.Script = _ => Accident.None;
        one.Sidecar.Thaw();
        world.Run(TimeSpan.FromSeconds(30));
        Assert.True(world.Complete(() => one.Counters.Update("a", c => c.Add(1))).State!.Count >= 2);
    }
}
