using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>Performs what saved states ask of the outside, one run at a time for each aggregate.</summary>
sealed class EffectRunner<T>(AggregateStore<T> store, IEffects<T> effects, ILogger log, TimeProvider clock)
    where T : class, IAggregate<T>
{
    /// <summary>Calls that one run makes for one aggregate, should each leave something else pending.</summary>
    const int CallsMax = 8;

    readonly Lock gate = new();
    readonly Dictionary<string, Run> runs = [];
    readonly SharedLooks looks = new(clock);

    sealed class Run
    {
        public Task Done { get; set; } = Task.CompletedTask;
        public bool Again { get; set; }
    }

    /// <summary>After a save: begins what is pending, and does not wait for it.</summary>
    public void Begin(string id, T saved)
    {
        if (effects.Pending(saved) is not null)
            _ = Perform(id);
    }

    /// <summary>At a repeat: performs what is pending, or else looks. Does not wait, and never throws.</summary>
    public void Continue(string id, T state) => _ = effects.Pending(state) is null ? LookInBackground(id) : Perform(id);

    /// <summary>Ends when nothing is pending, or nothing can be done for now. Never throws.</summary>
    public Task Perform(string id)
    {
        lock (gate)
        {
            if (runs.TryGetValue(id, out var underWay))
            {
                underWay.Again = true;
                return underWay.Done;
            }
            var run = runs[id] = new();
            return run.Done = PerformAll(id, run);
        }
    }

    /// <inheritdoc cref="AggregateStore{T}.Look"/>
    public async Task<T?> Look(string id)
    {
        var (state, lastSave) = await store.Read(id);
        if (state is null || looks.Join(id, lastSave, () => LookNow(id, state)) is not { } look)
            return state;
        await look;
        return await store.Find(id);
    }

    async Task LookNow(string id, T state)
    {
        try
        {
            if (await effects.Look(state, default) is { } rule)
                await Put(id, rule);
        }
        catch (TryAgainException e)
        {
            log.EffectWaits(e, Key(id));
        }
    }

    async Task LookInBackground(string id)
    {
        try
        {
            await Look(id);
        }
#pragma warning disable CA1031 // Nobody awaits this task: an error must be logged here.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.EffectFailed(e, Key(id));
        }
    }

    async Task PerformAll(string id, Run run)
    {
        await Task.Yield();   // not under the lock, and not on the time of the caller, who has just saved
        while (true)
        {
            try
            {
                for (var call = 0; call < CallsMax && await PerformOne(id); call++) { }
            }
            catch (TryAgainException e)
            {
                log.EffectWaits(e, Key(id));
            }
#pragma warning disable CA1031 // Nobody sees the result of this task, only its end: an error must be logged here.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                log.EffectFailed(bug, Key(id));
            }
            lock (gate)
            {
                if (!run.Again)
                {
                    runs.Remove(id);
                    return;
                }
                run.Again = false;
            }
        }
    }

    /// <returns>True if there may be more to do at once.</returns>
    async Task<bool> PerformOne(string id)
    {
        if (await store.Find(id) is not { } state || effects.Pending(state) is not { } pending
            || await effects.Perform(state, default) is not { } outcome
            || await Put(id, outcome.Apply) is not { } after)
            return false;
        // A call whose outcome leaves the same thing pending would be made again at once, for ever.
        return outcome.AgainAtOnce || !pending.Equals(effects.Pending(after));
    }

    /// <returns>The state after it; null if the rule refused.</returns>
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
