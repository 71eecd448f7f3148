using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.Secrets;

namespace Ticketing.Sidecar.Components;

/// <summary>A component that runs, under its name.</summary>
public sealed record Loaded(Component Spec, ComponentProperties Properties, IComponent Instance);

/// <summary>The components of one sidecar, in the order of their files.</summary>
public sealed class LoadedComponents(SidecarOptions options, SidecarHost host, ILogger log) : IAsyncDisposable
{
    static readonly TimeSpan InitTimeout = TimeSpan.FromSeconds(5);

    readonly List<Loaded> _all = [];

    public IReadOnlyList<Loaded> All => _all;

    public IReadOnlyDictionary<string, Loaded> StateStores => _state;
    public IReadOnlyDictionary<string, Loaded> PubSubs => _pubSub;
    public IReadOnlyDictionary<string, Loaded> SecretStores => _secret;

    readonly Dictionary<string, Loaded> _state = new(StringComparer.Ordinal);
    readonly Dictionary<string, Loaded> _pubSub = new(StringComparer.Ordinal);
    readonly Dictionary<string, Loaded> _secret = new(StringComparer.Ordinal);

    /// <summary>Secret stores first, then the rest, each within its own init time.</summary>
    /// <exception cref="ResourceException">A component cannot be made or started.</exception>
    internal async Task LoadAsync(IReadOnlyList<Component> components, CancellationToken ct)
    {
        var secretsFirst = components.OrderBy(
            c => c.Type.StartsWith("secretstores.", StringComparison.OrdinalIgnoreCase) ? 0 : 1);
        foreach (var component in secretsFirst) await LoadAsync(component, ct);
    }

    async Task LoadAsync(Component component, CancellationToken ct)
    {
        var type = host.Components.Find(component.Type, component.Version) ?? throw (host.Components.Has(component.Type)
            ? Fault(component, "spec.version", $"there is no such version of {component.Type}")
            : Fault(component, "spec.type", "there is no such component type"));
        if (options.RefuseUnknownFields && type.Schema.Check(component) is { } fault)
            throw new ResourceException(fault);
        foreach (var unknown in type.Schema.Unknown(component)) Log.Resource(log, options.AppId, unknown.ToString());
        if (new MetadataResolver(options, host, this, log).Resolve(component) is not { } properties) return;
        try
        {
            using var deadline = new CancellationTokenSource(InitTimeout, host.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
            var instance = type.Create(new ComponentContext(component, properties, options, host, log));
            var loaded = new Loaded(component, properties, instance);
            _all.Add(loaded);
            await instance.InitAsync(both.Token);
            if (instance is IStateStore) StateMetadata.Check(loaded, _state.Values, options);
            Register(loaded);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Fault(component, "spec", $"did not start within {InitTimeout}");
        }
        catch (Exception error) when (error is not (OperationCanceledException or ResourceException))
        {
            var field = error is MetadataException { Name: var name } ? $"spec.metadata.{name}" : "";
            throw new ResourceException(
                new ResourceFault(component.File, $"Component {component.LogName}", field, error.Message), error);
        }
    }

    void Register(Loaded loaded)
    {
        var byName = loaded.Instance switch
        {
            IStateStore => _state,
            IPubSub => _pubSub,
            LocalFileSecretStore => _secret,
            _ => throw Fault(loaded.Spec, "spec.type", "is neither a state store, a broker nor a secret store"),
        };
        byName.Add(loaded.Spec.Name, loaded);
    }

    static ResourceException Fault(Component component, string field, string reason) =>
        new(new ResourceFault(component.File, $"Component {component.LogName}", field, reason));

    public async ValueTask DisposeAsync()
    {
        for (var i = _all.Count - 1; i >= 0; i--) await _all[i].Instance.DisposeAsync();
        _all.Clear();
    }
}
