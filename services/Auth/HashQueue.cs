using System.Collections.Concurrent;
using System.Threading.Channels;
using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>
/// Work that takes a core while it lasts, one at a time on a thread of its own, in the order it came.
/// </summary>
sealed class HashQueue : IDisposable
{
    readonly Channel<Action> waiting;
    readonly ConcurrentDictionary<AddressBlock, int> perAddress = new();
    readonly int perAddressMax;

    public HashQueue(int waitingMax, int perAddressMax)
    {
        this.perAddressMax = perAddressMax;
        waiting = Channel.CreateBounded<Action>(new BoundedChannelOptions(waitingMax) { SingleReader = true });
        var thread = new Thread(Work)
        {
            IsBackground = true,
            Name = "password hashes",
            Priority = ThreadPriority.BelowNormal,
        };
        thread.Start();
    }

    /// <returns>Null if too many wait already, of this address or in all.</returns>
    public Task<T>? TryRun<T>(AddressBlock address, Func<T> work, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (perAddress.AddOrUpdate(address, 1, static (_, count) => count + 1) <= perAddressMax
            && waiting.Writer.TryWrite(() => Do(address, work, done, ct)))
            return done.Task;
        Leave(address);
        return null;
    }

    void Leave(AddressBlock address)
    {
        if (perAddress.AddOrUpdate(address, 0, static (_, count) => count - 1) == 0)
            perAddress.TryRemove(new(address, 0));
    }

    void Do<T>(AddressBlock address, Func<T> work, TaskCompletionSource<T> done, CancellationToken ct)
    {
        Leave(address);
        // Who has hung up need not be served.
        if (ct.IsCancellationRequested)
        {
            done.TrySetCanceled(ct);
            return;
        }
        try
        {
            done.SetResult(work());
        }
#pragma warning disable CA1031 // handed to the caller whole
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.SetException(e);
        }
    }

    void Work()
    {
        while (waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (waiting.Reader.TryRead(out var work))
                work();
        }
    }

    public void Dispose() => waiting.Writer.TryComplete();
}
