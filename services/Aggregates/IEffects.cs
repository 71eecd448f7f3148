namespace Ticketing.Aggregates;

/// <summary>
/// The calls to an external system, such as a payment provider, that follow from a saved state. A rule writes the
/// pending effect into the state; after the save the store calls <see cref="Perform"/>, and again until it is no longer
/// pending, also after a crash in another process. A call may be made twice: keep its idempotency key in the state.
/// </summary>
/// <remarks>While an effect is pending, <see cref="IAggregate{TSelf}.IsSettled"/> must be false.</remarks>
public interface IEffects<T> where T : class, IAggregate<T>
{
    /// <summary>The pending effect or null. Two states with the same effect to perform give equal values.</summary>
    object? Pending(T state);

    /// <summary>Makes the call. Null: not possible now; it is tried again with the next repeat.</summary>
    Task<EffectOutcome<T>?> Perform(T state, CancellationToken ct);

    /// <summary>Reads the external state, as a rule to apply. Null: nothing to read, or no answer.</summary>
    Task<Func<T, Decision<T>>?> Refresh(T state, CancellationToken ct);
}

/// <summary>The outcome of a call, as a rule to apply to the aggregate.</summary>
/// <param name="AgainAtOnce">If the same effect is still pending, perform it at once, not at the next repeat.</param>
public sealed record EffectOutcome<T>(Func<T, Decision<T>> Apply, bool AgainAtOnce = false) where T : class;
