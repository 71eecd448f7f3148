using Ticketing.Common;

namespace Ticketing.Auth.Tests;

public sealed class HashQueueTests
{
    const int WaitingMax = 20;
    readonly List<string> served = [];

    static AddressBlock From(int number) => AddressBlock.Of(new(number));

    /// <summary>A queue whose thread is blocked, so that new jobs wait; and the event that unblocks it.</summary>
    static async Task<(HashQueue Queue, Func<Task> GoOn)> HeldUp()
    {
        var queue = new HashQueue(WaitingMax);
        var gate = new ManualResetEventSlim();
        var started = new TaskCompletionSource();
        var first = queue.Run(From(0), () =>
        {
            started.SetResult();
            gate.Wait(TimeSpan.FromSeconds(30));
        }, default);
        await started.Task;
        return (queue, async () =>
        {
            gate.Set();
            await first;
            gate.Dispose();
        }
        );
    }

    Task<bool>[] Send(HashQueue queue, int from, int times) =>
        [.. Enumerable.Range(0, times).Select(i => queue.Run(From(from), () => served.Add($"{from}"), default))];

    [Fact]
    public async Task One_block_alone_may_fill_the_queue_and_no_more()
    {
        var (queue, goOn) = await HeldUp();
        using var _ = queue;
        var tasks = Send(queue, 1, 50);
        await goOn();
        Assert.Equal(WaitingMax, (await Task.WhenAll(tasks)).Count(done => done));
    }

    [Fact]
    public async Task Two_that_fill_the_queue_do_not_keep_a_third_out_or_waiting()
    {
        var (queue, goOn) = await HeldUp();
        using var _ = queue;
        Task<bool>[] attack = [.. Send(queue, 1, 50), .. Send(queue, 2, 50), .. Send(queue, 1, 50)];
        var third = Send(queue, 3, 1);
        await goOn();
        Assert.True(await third[0]);
        Assert.Equal(WaitingMax - 1, (await Task.WhenAll(attack)).Count(done => done));
        // Each other block has one turn before this one.
        Assert.Equal(2, served.IndexOf("3"));
    }

    [Fact]
    public async Task The_share_of_a_block_shrinks_as_others_come()
    {
        var (queue, goOn) = await HeldUp();
        using var _ = queue;
        var blocks = Enumerable.Range(1, 5).Select(from => Send(queue, from, 100)).ToList();
        await goOn();
        foreach (var tasks in blocks)
            Assert.Equal(WaitingMax / 5, (await Task.WhenAll(tasks)).Count(done => done));
    }

    [Fact]
    public async Task Blocks_take_turns_whatever_each_has_waiting()
    {
        var (queue, goOn) = await HeldUp();
        using var _ = queue;
        Task<bool>[] tasks = [.. Send(queue, 1, 3), .. Send(queue, 2, 1), .. Send(queue, 3, 2)];
        await goOn();
        await Task.WhenAll(tasks);
        Assert.Equal(["1", "2", "3", "1", "3", "1"], served);
    }

    [Fact]
    public async Task More_blocks_than_places_are_bounded_too()
    {
        var (queue, goOn) = await HeldUp();
        using var _ = queue;
        var tasks = Enumerable.Range(1, 50).SelectMany(from => Send(queue, from, 2)).ToList();
        await goOn();
        Assert.Equal(WaitingMax, (await Task.WhenAll(tasks)).Count(done => done));
    }

    [Fact]
    public async Task Who_hangs_up_is_not_served_and_what_fails_fails_alone()
    {
        using var queue = new HashQueue(WaitingMax);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            queue.Run(From(1), () => served.Add("hung up"), new(canceled: true)));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            queue.Run(From(1), () => throw new InvalidOperationException(), default));
        Assert.True(await queue.Run(From(1), () => { }, default));
        Assert.Empty(served);
    }
}
