using Polly.Timeout;

namespace Ticketing.Sidecar.State;

/// <summary>A state store under its name, with its key prefix and its outbound policy.</summary>
sealed class StateStoreEntry(
    string name, IStateStore store, KeyPrefix prefix, Policy policy)
{
    public string Name => name;

    public IStateStore Store => store;

    public KeyPrefix Prefix => prefix;

    /// <exception cref="StateStoreException">The store, or the policy before it, failed.</exception>
    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct) =>
        policy.IsEmpty ? store.GetAsync(key, ct) : new(RunAsync(attempt => store.GetAsync(key, attempt).AsTask(), ct));

    /// <exception cref="StateStoreException">The store, or the policy before it, failed.</exception>
    public Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        policy.IsEmpty ? store.BulkGetAsync(keys, ct) : RunAsync(attempt => store.BulkGetAsync(keys, attempt), ct);

    /// <summary>An etag conflict is final; whatever else fails is repeated, and of several items only what
    /// failed.</summary>
    public Task<StateOutcome> SaveAsync(IReadOnlyList<StateSet> sets, CancellationToken ct) =>
        ManyAsync(sets, (set, attempt) => store.SetAsync(set, attempt), ct);

    public Task<StateOutcome> DeleteManyAsync(IReadOnlyList<StateDelete> deletes, CancellationToken ct) =>
        ManyAsync(deletes, (delete, attempt) => store.DeleteAsync(delete, attempt), ct);

    /// <summary>As in daprd even a hopeless conflict runs through the whole retry schedule.</summary>
    public Task<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) =>
        GuardAsync(attempt => OneAsync(delete, store.DeleteAsync, attempt),
            outcome => outcome.IsDone ? Verdict.Success : Verdict.Failure, ct);

    /// <summary>As for deletes. A timeout answers the caller, but what was begun may still be committed.</summary>
    public Task<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var fault = operations.FirstOrDefault(operation => operation.Fault is not null)?.Fault;
        return GuardAsync(
            async _ => fault is null ? await store.TransactAsync(operations, metadata, ct) : StateOutcome.Failed(fault),
            outcome => outcome.IsDone ? Verdict.Success : Verdict.Failure, ct);
    }

    Task<StateOutcome> ManyAsync<T>(
        IReadOnlyList<T> operations, Func<T, CancellationToken, ValueTask<StateOutcome>> write, CancellationToken ct)
        where T : StateOperation
    {
        if (operations.Count == 1)
        {
            return GuardAsync(attempt => OneAsync(operations[0], write, attempt), outcome => outcome.Refusal switch
            {
                StateRefusal.None => Verdict.Success,
                StateRefusal.Failed => Verdict.Failure,
                _ => Verdict.Permanent,
            }, ct);
        }

        var left = operations;
        return GuardAsync(async attempt =>
        {
            var outcomes = await Task.WhenAll(left.Select(operation => OneAsync(operation, write, attempt)));
            var joined = Joined(outcomes);
            if (outcomes.Any(outcome => outcome.Refusal == StateRefusal.Failed))
                left = [.. left.Where((_, i) => outcomes[i].Refusal == StateRefusal.Failed)];
            return joined;
        }, outcome => outcome.IsDone ? Verdict.Success : outcome.Refusal == StateRefusal.Failed ? Verdict.Failure : Verdict.Permanent, ct);
    }

    static async Task<StateOutcome> OneAsync<T>(
        T operation, Func<T, CancellationToken, ValueTask<StateOutcome>> write,
            CancellationToken ct) where T : StateOperation
    {
        if (operation.Fault is { } fault) return StateOutcome.Failed(fault);
        try
        {
            return await write(operation, ct);
        }
        catch (StateStoreException error)
        {
            return StateOutcome.Failed(error.Message);
        }
    }

    /// <summary>The refusals of several writes as one: conflicts alone are nested one level deeper, and of conflicts
    /// mixed with failures the first conflict is told and no more.</summary>
    internal static StateOutcome Joined(IReadOnlyList<StateOutcome> outcomes)
    {
        var refused = outcomes.Where(outcome => !outcome.IsDone).ToList();
        if (refused.Count == 0) return StateOutcome.Done;
        var text = string.Join('\n', refused.Select(outcome => outcome.Text));
        if (refused.TrueForAll(outcome => outcome.Refusal == StateRefusal.Failed)) return StateOutcome.Failed(text);
        if (refused.Exists(outcome => outcome.Refusal == StateRefusal.Failed))
            return refused.First(outcome => outcome.Refusal != StateRefusal.Failed);
        var isInvalid = refused.Exists(outcome => outcome.Refusal == StateRefusal.ETagInvalid);
        return new StateOutcome(isInvalid ? StateRefusal.ETagInvalid : StateRefusal.ETagMismatch, text);
    }

    async Task<StateOutcome> GuardAsync(
        Func<CancellationToken, Task<StateOutcome>> write, Func<StateOutcome, Verdict> judge, CancellationToken ct)
    {
        try
        {
            return await policy.Run((_, attempt) => write(attempt), judge, null, ct);
        }
        catch (Exception error) when (error is StateStoreException or TimeoutRejectedException)
        {
            return StateOutcome.Failed(error.Message);
        }
    }

    async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken ct)
    {
        try
        {
            return await policy.Run(read, ct);
        }
        catch (TimeoutRejectedException error)
        {
            throw new StateStoreException(error.Message, error);
        }
    }
}
