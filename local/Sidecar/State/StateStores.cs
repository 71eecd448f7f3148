namespace Ticketing.Sidecar.State;

/// <summary>The state stores of one sidecar as its APIs see them.</summary>
sealed class StateStores(AppSidecar sidecar)
{
    readonly Dictionary<string, NamedStore> _byName = sidecar.Components.StateStores.ToDictionary(
        loaded => loaded.Key,
        loaded => new NamedStore(loaded.Key, (IStateStore)loaded.Value.Instance, sidecar.Options.AppId));

    /// <summary>The store marked <c>actorStateStore</c>; null if there is none.</summary>
    public IStateStore? Actors => (IStateStore?)sidecar.Components.StateStores.Values
        .FirstOrDefault(StateMetadata.IsActorStore)?.Instance;

    /// <summary>The store, or the error if there is none.</summary>
    public DaprError? Find(string name, out NamedStore store)
    {
        if (_byName.TryGetValue(name, out store!)) return null;
        var appId = sidecar.Options.AppId;
        return _byName.Count == 0 ? StateErrors.NotConfigured(name, appId) : StateErrors.NotFound(name, appId);
    }

    /// <summary>A route whose first value names a store.</summary>
    public Http.RouteHandler Route(Func<HttpContext, NamedStore, string[], Task> handler) => (http, values) =>
        Find(values[0], out var store) is { } refusal ? http.WriteErrorAsync(refusal) : handler(http, store, values);
}

/// <summary>A state store under its name, for one app: keys are kept as <c>appId||key</c>, so that apps which share a
/// store cannot read each other's keys.</summary>
sealed class NamedStore(string name, IStateStore store, string appId)
{
    public const string Separator = "||";

    public string Name => name;

    public IStateStore Store => store;

    /// <summary>The stored key; null if it contains the separator.</summary>
    public string? Stored(string key) =>
        key.Contains(Separator, StringComparison.Ordinal) ? null : appId + Separator + key;

    /// <summary>The key without the app's prefix.</summary>
    public static string KeyOf(string stored) => stored.Split(Separator, 3) is [_, var key, ..] ? key : stored;

    public Task<StateOutcome> SaveAsync(IReadOnlyList<StateSet> sets, CancellationToken ct) =>
        ManyAsync(sets, (set, token) => store.SetAsync(set, token), ct);

    public Task<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) =>
        ManyAsync([delete], (one, token) => store.DeleteAsync(one, token), ct);

    public async Task<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        if (operations.FirstOrDefault(operation => operation.Fault is not null) is { Fault: { } fault })
            return StateOutcome.Failed(fault);
        return await GuardAsync(() => store.TransactAsync(operations, metadata, ct));
    }

    static async Task<StateOutcome> ManyAsync<T>(
        IReadOnlyList<T> operations, Func<T, CancellationToken, ValueTask<StateOutcome>> write, CancellationToken ct)
        where T : StateOperation
    {
        var outcomes = await Task.WhenAll(operations.Select(operation => operation.Fault is { } fault
            ? Task.FromResult(StateOutcome.Failed(fault))
            : GuardAsync(() => write(operation, ct))));
        return outcomes is [var only] ? only : Joined(outcomes);
    }

    static async Task<StateOutcome> GuardAsync(Func<ValueTask<StateOutcome>> write)
    {
        try
        {
            return await write();
        }
        catch (StateStoreException error)
        {
            return StateOutcome.Failed(error.Message);
        }
    }

    /// <summary>The errors of several writes as one; a conflict takes precedence over other failures.</summary>
    internal static StateOutcome Joined(IReadOnlyList<StateOutcome> outcomes)
    {
        var refused = outcomes.Where(outcome => !outcome.IsDone).ToList();
        if (refused.Count == 0) return StateOutcome.Done;
        var conflicts = refused.Where(outcome => outcome.Refusal != StateRefusal.Failed).ToList();
        if (conflicts.Count > 0 && conflicts.Count < refused.Count) return conflicts[0];
        var refusal = refused.Find(outcome => outcome.Refusal == StateRefusal.ETagInvalid) is { IsDone: false } invalid
            ? invalid.Refusal : refused[0].Refusal;
        return new(refusal, string.Join('\n', refused.Select(outcome => outcome.Text)));
    }
}
