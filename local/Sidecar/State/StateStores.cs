namespace Ticketing.Sidecar.State;

/// <summary>The state stores of one sidecar as its APIs see them.</summary>
sealed class StateStores
{
    readonly string _appId;
    readonly Dictionary<string, StateStoreEntry> _byName;

    public StateStores(AppSidecar sidecar)
    {
        _appId = sidecar.Options.AppId;
        _byName = sidecar.Components.StateStores.Values.Select(loaded => Entry(sidecar, loaded))
            .ToDictionary(entry => entry.Name);
        Actors = sidecar.Components.StateStores.Values
            .Where(StateMetadata.IsActorStore)
            .Select(loaded => _byName[loaded.Spec.Name]).FirstOrDefault();
    }

    static StateStoreEntry Entry(AppSidecar sidecar, Loaded loaded) => new(
        loaded.Spec.Name, (IStateStore)loaded.Instance,
        KeyPrefix.Of(loaded.Properties.Find("keyPrefix"), loaded.Spec.Name, sidecar.Options),
        sidecar.Policies.Outbound(loaded.Spec.Name, ComponentKind.Statestore));

    /// <summary>The one marked <c>actorStateStore</c>; null when none is.</summary>
    public StateStoreEntry? Actors { get; }

    /// <summary>The store, or why there is none.</summary>
    public DaprError? Find(string name, out StateStoreEntry entry)
    {
        if (_byName.TryGetValue(name, out entry!)) return null;
        return _byName.Count == 0 ? StateErrors.NotConfigured(name, _appId) : StateErrors.NotFound(name, _appId);
    }

    /// <summary>A route whose first value names a store.</summary>
    public Http.RouteHandler Route(Func<HttpContext, StateStoreEntry, string[], Task> handler) => (http, values) =>
        Find(values[0], out var store) is { } refusal ? http.WriteErrorAsync(refusal) : handler(http, store, values);
}
