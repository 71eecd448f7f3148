namespace Ticketing.Aggregates;

/// <summary>
/// What a saved state asks of a system outside, such as a payment provider. The rule writes the wish into the state;
/// the store calls <see cref="Perform"/> after the save, and again until the wish is gone, also after a crash and in
/// another process. So a call may be made twice: give it an idempotency key that stands in the state.
/// </summary>
/// <remarks>While something is pending, <see cref="IAggregate{TSelf}.IsSettled"/> must be false.</remarks>
public interface IEffects<T> where T : class, IAggregate<T>
{
    /// <summary>What is to be done; null: nothing. Two states that ask for the same thing give equal values.</summary>
    object? Pending(T state);

    /// <summary>Makes the call. Null: it cannot be made now, and is tried again with the next repeat.</summary>
    Task<EffectOutcome<T>?> Perform(T state, CancellationToken ct);

    /// <summary>Asks how things stand outside. Null: there is nothing to ask, or no answer.</summary>
    Task<Func<T, Decision<T>>?> Look(T state, CancellationToken ct);
}

/// <summary>What came of a call, as a rule to put to the aggregate.</summary>
/// <param name="AgainAtOnce">Also if the same thing is still pending: without it, that waits for the next repeat.</param>
public sealed record EffectOutcome<T>(Func<T, Decision<T>> Apply, bool AgainAtOnce = false) where T : class;
