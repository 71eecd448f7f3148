using Ticketing.Sidecar.Actors;

namespace Ticketing.Sidecar.Tests.Actors;

public class TurnLockTests
{
    static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_come_one_at_a_time_in_the_order_of_asking()
    {
        var turns = new TurnLock(null);
        var order = new List<int>();
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var turn = await turns.Enter(null, Ct);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            order.Add(i);
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }));

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task One_that_gives_up_waiting_lets_the_next_in()
    {
        var turns = new TurnLock(null);
        var first = await turns.Enter(null, Ct);
        using var patience = new CancellationTokenSource();
        var second = turns.Enter(null, patience.Token).AsTask();
        var third = turns.Enter(null, Ct).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task A_chain_of_calls_comes_in_again_and_others_wait_until_it_has_left()
    {
        var turns = new TurnLock(stackDepthMax: 3);
        var outer = await turns.Enter("chain", Ct);
        var inner = await turns.Enter("chain", Ct);
        var other = turns.Enter("other", Ct).AsTask();

        outer.Dispose();
        Assert.False(other.IsCompleted);
        inner.Dispose();

        (await other).Dispose();
    }

    [Fact]
    public async Task A_chain_deeper_than_the_limit_is_refused_and_the_actor_stays_usable()
    {
        var turns = new TurnLock(stackDepthMax: 2);
        var outer = await turns.Enter("chain", Ct);
        var inner = await turns.Enter("chain", Ct);

        await Assert.ThrowsAsync<StackDepthException>(() => turns.Enter("chain", Ct).AsTask());
        inner.Dispose();
        outer.Dispose();

        (await turns.Enter("other", Ct)).Dispose();
    }

    [Fact]
    public async Task Without_reentrancy_a_chain_waits_for_itself()
    {
        var turns = new TurnLock(null);
        using var outer = await turns.Enter("chain", Ct);

        var inner = turns.Enter("chain", Ct).AsTask();

        Assert.False(inner.IsCompleted);
        await turns.Close();
        await Assert.ThrowsAsync<ActorClosedException>(() => inner);
    }

    [Fact]
    public async Task Closing_cancels_the_call_inside_and_turns_away_those_that_wait_or_come()
    {
        var turns = new TurnLock(null);
        using var inside = await turns.Enter(null, Ct);
        var waiting = turns.Enter(null, Ct).AsTask();

        await turns.Close();

        Assert.True(inside.Cancelled.IsCancellationRequested);
        await Assert.ThrowsAsync<ActorClosedException>(() => waiting);
        await Assert.ThrowsAsync<ActorClosedException>(() => turns.Enter(null, Ct).AsTask());
    }
}
