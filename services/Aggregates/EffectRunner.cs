using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>Performs the pending effects of saved states, one run at a time for each aggregate.</summary>
sealed class EffectRunner<T>(AggregateStore<T> store, IEffects<T> effects, ILogger log, TimeProvider clock)
    where T : class, IAggregate<T>
{
    /// <summary>Calls in one run, if each leaves another effect pending.</summary>
    const int CallsMax = 8;

    readonly Lock gate = new();
    readonly Dictionary<string, Run> runs = [];
    readonly SharedRefreshes<T> refreshes = new(clock);

    sealed class Run
    {
        public Task<T?> Done { get; set; } = Task.FromResult<T?>(null);
        /// <summary>The newest state that another command saved meanwhile, with an effect pending.</summary>
        public T? Next { get; set; }
    }

    /// <summary>After a save: starts the pending effect without waiting for it.</summary>
    /// <returns>Null if nothing is pending.</returns>
    public Task<T?>? Begin(string id, T saved) => effects.Pending(saved) is null ? null : Perform(id, saved);

    /// <summary>The run that performs what this state has pending, perhaps under way; null if nothing is.</summary>
    public Task<T?>? Join(string id, T state) => effects.Pending(state) is null ? null : Perform(id, null);

    /// <summary>At a repeat: performs the pending effect, or refreshes. Does not wait, and never throws.</summary>
    public void Continue(string id, T state) =>
        _ = effects.Pending(state) is null ? RefreshInBackground(id) : Perform(id, null);

    /// <summary>Ends when nothing is pending, or the effect cannot be performed now. Never throws.</summary>
    /// <param name="saved">The state just saved; null: read it, or wait for the run under way.</param>
    /// <returns>The newest state the run has seen; null if it has seen none.</returns>
    public Task<T?> Perform(string id, T? saved)
    {
        lock (gate)
        {
            if (runs.TryGetValue(id, out var underWay))
            {
                underWay.Next = saved ?? underWay.Next;
                return underWay.Done;
            }
            var run = runs[id] = new();
            return run.Done = PerformAll(id, run, saved);
        }
    }

    /// <inheritdoc cref="AggregateStore{T}.Refresh"/>
    public async Task<T?> Refresh(string id)
    {
        var (state, lastSave) = await store.Read(id);
        if (state is null || refreshes.Join(id, lastSave, () => RefreshNow(id, state)) is not { } refresh)
            return state;
        return await refresh;
    }

    async Task<T> RefreshNow(string id, T state)
    {
        try
        {
            if (await effects.Refresh(state, default) is { } rule)
                return await Put(id, rule) ?? state;
        }
        catch (TryAgainException e)
        {
            log.EffectWaits(e, Key(id));
        }
        return state;
    }

    async Task RefreshInBackground(string id)
    {
        try
        {
            await Refresh(id);
        }
#pragma warning disable CA1031 // No caller awaits this task: an error must be logged here.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.EffectFailed(e, Key(id));
        }
    }

    async Task<T?> PerformAll(string id, Run run, T? state)
    {
        await Task.Yield();   // outside the lock, and not on the time of the caller
        while (true)
        {
            try
            {
                state ??= await store.FindToAct(id);
                for (var (call, again) = (0, true); again && call < CallsMax && state is not null; call++)
                {
                    (state, again) = await PerformOne(id, state);
                    Seen(run, state);
                }
            }
            catch (TryAgainException e)
            {
                log.EffectWaits(e, Key(id));
            }
#pragma warning disable CA1031 // Callers await only the end of this task: an error must be logged here.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                log.EffectFailed(bug, Key(id));
            }
            lock (gate)
            {
                if (run.Next is null)
                {
                    runs.Remove(id);
                    return state;
                }
                (run.Next, state) = (null, null);
            }
        }
    }

    // What the run saved itself is no news to it.
    void Seen(Run run, T state)
    {
        lock (gate)
        {
            if (ReferenceEquals(run.Next, state))
                run.Next = null;
        }
    }

    /// <returns>The state after the call, and whether another effect can be performed at once.</returns>
    async Task<(T State, bool Again)> PerformOne(string id, T state)
    {
        if (effects.Pending(state) is not { } pending
            || await effects.Perform(state, default) is not { } outcome
            || await Put(id, outcome.Apply) is not { } after)
            return (state, false);
        // If the same effect is still pending, repeating it at once could loop for ever.
        return (after, outcome.AgainAtOnce || !pending.Equals(effects.Pending(after)));
    }

    /// <returns>The state after the rule; null if it refused.</returns>
    async Task<T?> Put(string id, Func<T, Decision<T>> rule)
    {
        var decision = await store.Update(id, rule);
        if (decision.Refusal is not { } refusal)
            return decision.State;
        log.OutcomeRefused(Key(id), refusal.Code);
        return null;
    }

    static string Key(string id) => Documents<T>.Key(id);
}
