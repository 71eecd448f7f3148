using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Sidecar.Actors;

/// <summary>Admits one call of an actor at a time, in the order of arrival.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to give back.")]
sealed class TurnLock
{
    /// <summary>The running call, then the waiting ones.</summary>
    readonly LinkedList<TaskCompletionSource> _queue = [];
    readonly CancellationTokenSource _closing = new();
    TaskCompletionSource? _empty;

    /// <summary>Waits for the turn and holds it until the result is disposed of.</summary>
    /// <exception cref="ActorClosedException">The actor was deactivated before the turn came.</exception>
    public async ValueTask<Turn> Enter(CancellationToken ct)
    {
        var place = Join();
        try
        {
            if (!place.Task.IsCompleted) await place.Task.WaitAsync(ct).WaitAsync(_closing.Token);
            ct.ThrowIfCancellationRequested();
            _closing.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            Leave(place);
            if (_closing.IsCancellationRequested) throw new ActorClosedException();
            throw;
        }

        return new Turn(this, place, CancellationTokenSource.CreateLinkedTokenSource(ct, _closing.Token));
    }

    /// <summary>Completes when no call is running or waiting.</summary>
    public Task WhenEmpty()
    {
        lock (_queue)
            return _queue.Count == 0 ? Task.CompletedTask : (_empty ??= NewSignal()).Task;
    }

    /// <summary>Cancels the running call and rejects the waiting ones; does not wait for their end, because the app may
    /// never return.</summary>
    public Task Close() => _closing.CancelAsync();

    TaskCompletionSource Join()
    {
        lock (_queue)
        {
            if (_closing.IsCancellationRequested) throw new ActorClosedException();
            var place = NewSignal();
            _queue.AddLast(place);
            if (_queue.Count == 1) place.SetResult();
            return place;
        }
    }

    void Leave(TaskCompletionSource place)
    {
        lock (_queue)
        {
            var wasFirst = _queue.First!.Value == place;
            _queue.Remove(place);
            if (wasFirst) _queue.First?.Value.SetResult();
            if (_queue.Count == 0) _empty?.TrySetResult();
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public sealed class Turn : IDisposable
    {
        readonly TurnLock _turns;
        readonly TaskCompletionSource _place;
        readonly CancellationTokenSource _cancellation;

        internal Turn(TurnLock turns, TaskCompletionSource place, CancellationTokenSource cancellation) =>
            (_turns, _place, _cancellation) = (turns, place, cancellation);

        /// <summary>Cancelled when the caller gives up or the actor is deactivated.</summary>
        public CancellationToken Cancelled => _cancellation.Token;

        public void Dispose()
        {
            _cancellation.Dispose();
            _turns.Leave(_place);
        }
    }
}
