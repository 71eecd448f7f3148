using Ticketing.Sidecar.Actors;

namespace Ticketing.Sidecar.Tests.Actors;

public class TurnLockTests
{
    static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Turns_come_one_at_a_time_in_the_order_of_asking()
    {
        var turns = new TurnLock();
        var order = new List<int>();
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            using var turn = await turns.Enter(Ct);
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
        var turns = new TurnLock();
        var first = await turns.Enter(Ct);
        using var patience = new CancellationTokenSource();
        var second = turns.Enter(patience.Token).AsTask();
        var third = turns.Enter(Ct).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        first.Dispose();

        (await third).Dispose();
    }

    [Fact]
    public async Task A_chain_of_calls_waits_for_itself()
    {
        var turns = new TurnLock();
        using var outer = await turns.Enter(Ct);

        var inner = turns.Enter(Ct).AsTask();

        Assert.False(inner.IsCompleted);
        await turns.Close();
        await Assert.ThrowsAsync<ActorClosedException>(() => inner);
    }

    [Fact]
    public async Task Closing_cancels_the_call_inside_and_turns_away_those_that_wait_or_come()
    {
        var turns = new TurnLock();
        using var inside = await turns.Enter(Ct);
        var waiting = turns.Enter(Ct).AsTask();

        await turns.Close();

        Assert.True(inside.Cancelled.IsCancellationRequested);
        await Assert.ThrowsAsync<ActorClosedException>(() => waiting);
        await Assert.ThrowsAsync<ActorClosedException>(() => turns.Enter(Ct).AsTask());
    }
}
