using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Sidecar.Actors;

/// <summary>One turn at a time for an actor, in the order of asking. With reentrancy a call that carries the id of a
/// chain already inside joins it instead of waiting for itself.</summary>
/// <param name="stackDepthMax">Calls of one chain inside at once; null when reentrancy is off.</param>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to give back.")]
sealed class TurnLock(int? stackDepthMax)
{
    readonly LinkedList<Chain> _chains = [];
    readonly CancellationTokenSource _closing = new();
    TaskCompletionSource? _empty;

    /// <summary>Waits for the turn and holds it until the result is disposed of.</summary>
    /// <exception cref="ActorClosedException">The actor was deactivated before the turn came.</exception>
    /// <exception cref="StackDepthException">The chain is as deep as it may be.</exception>
    public async ValueTask<Turn> Enter(string? chainId, CancellationToken ct)
    {
        var chain = Join(chainId);
        try
        {
            if (!chain.Turn.Task.IsCompleted) await chain.Turn.Task.WaitAsync(ct).WaitAsync(_closing.Token);
            ct.ThrowIfCancellationRequested();
            _closing.Token.ThrowIfCancellationRequested();
        }
        catch (OperationCanceledException)
        {
            Leave(chain);
            if (_closing.IsCancellationRequested) throw new ActorClosedException();
            throw;
        }

        return new Turn(this, chain, CancellationTokenSource.CreateLinkedTokenSource(ct, _closing.Token));
    }

    /// <summary>Completes when nobody is inside or waiting.</summary>
    public Task WhenEmpty()
    {
        lock (_chains)
            return _chains.Count == 0 ? Task.CompletedTask : (_empty ??= NewSignal()).Task;
    }

    /// <summary>Cancels the calls inside and turns away those that wait; does not wait for their end, because the app
    /// may take as long as it likes.</summary>
    public Task Close() => _closing.CancelAsync();

    Chain Join(string? chainId)
    {
        lock (_chains)
        {
            if (_closing.IsCancellationRequested) throw new ActorClosedException();
            var joined = stackDepthMax is null || chainId is null ? null : _chains.FirstOrDefault(c => c.Id == chainId);
            if (joined is null)
            {
                _chains.AddLast(joined = new Chain(chainId));
                if (_chains.Count == 1) joined.Turn.SetResult();
            }
            else if (joined.Depth == stackDepthMax)
            {
                throw new StackDepthException();
            }

            joined.Depth++;
            return joined;
        }
    }

    void Leave(Chain chain)
    {
        lock (_chains)
        {
            if (--chain.Depth > 0) return;
            var wasFirst = _chains.First!.Value == chain;
            _chains.Remove(chain);
            if (wasFirst) _chains.First?.Value.Turn.SetResult();
            if (_chains.Count == 0) _empty?.TrySetResult();
        }
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal sealed class Chain(string? id)
    {
        public readonly string? Id = id;
        public readonly TaskCompletionSource Turn = NewSignal();
        public int Depth;
    }

    public sealed class Turn : IDisposable
    {
        readonly TurnLock _turns;
        readonly Chain _chain;
        readonly CancellationTokenSource _cancellation;

        internal Turn(TurnLock turns, Chain chain, CancellationTokenSource cancellation) =>
            (_turns, _chain, _cancellation) = (turns, chain, cancellation);

        /// <summary>Cancelled when the caller gives up or the actor is deactivated.</summary>
        public CancellationToken Cancelled => _cancellation.Token;

        public void Dispose()
        {
            _cancellation.Dispose();
            _turns.Leave(_chain);
        }
    }
}
