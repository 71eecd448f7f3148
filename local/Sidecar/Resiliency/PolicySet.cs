using System.Collections.Concurrent;

namespace Ticketing.Sidecar.Resiliency;

/// <summary>The building blocks that default policies are named after; the names are part of those.</summary>
public enum ComponentKind { Pubsub, Statestore, Secretstore }

/// <summary>Every policy one sidecar applies, by target. A target named under <c>targets</c> has what it names there
/// and no more; any other has the default policies, the most specific name first.</summary>
public sealed class PolicySet
{
    public const string BuiltInServiceRetries = "DaprBuiltInServiceRetries";
    public const string BuiltInInitializationRetries = "DaprBuiltInInitializationRetries";
    public const string BuiltInActorNotFoundRetries = "DaprBuiltInActorNotFoundRetries";

    readonly PolicyCatalog _catalog;
    readonly PolicyClock _clock;
    readonly ConcurrentDictionary<PolicyNames, Policy> _policies = new();

    // Asked for at every call.
    readonly PolicyNames _anyApp, _anyActor;

    internal PolicySet(PolicyCatalog catalog, PolicyClock clock)
    {
        (_catalog, _clock) = (catalog, clock);
        (_anyApp, _anyActor) = (catalog.Defaults("App"), catalog.Defaults("Actor"));
    }

    /// <param name="appId">Resources with scopes that do not name it are left out.</param>
    /// <param name="fault">Told what daprd logs as an error, and goes on without; and names that lead nowhere.</param>
    public static PolicySet Read(
        IEnumerable<ResiliencySpec> specs, string appId, PolicyClock clock, Action<ResourceFault> fault)
    {
        var catalog = new PolicyCatalog();
        foreach (var spec in specs.Where(spec => spec.Scopes.Count == 0 || spec.Scopes.Contains(appId)))
            catalog.Add(spec, fault);
        return new(catalog, clock);
    }

    /// <summary>Whether <c>targets.apps</c> names the app; if not, daprd uses its built-in service retries.</summary>
    public bool TargetsApp(string appId) => _catalog.Apps.ContainsKey(appId);

    public bool TargetsActor(string type) => _catalog.Actors.ContainsKey(type);

    /// <summary>For invoking an app.</summary>
    public Policy ForApp(string appId) => Of(_catalog.Apps.GetValueOrDefault(appId) ?? _anyApp);

    /// <summary>Around finding and calling an actor, outside its turn: no timeout, it would count the wait.</summary>
    public Policy ForActorCall(string type) => Of(ForActor(type) with { Timeout = "" });

    /// <summary>Inside an actor's turn: the timeout only.</summary>
    public Policy ForActorTurn(string type) => Of(ForActor(type) with { Retry = "" });

    /// <summary>For what a component hands to the app: deliveries.</summary>
    public Policy Inbound(string component, ComponentKind kind) =>
        Of(_catalog.Components.GetValueOrDefault(component)?.Inbound ?? Defaults(kind, "Inbound"));

    /// <summary>For calls to a component: publishing, reading and writing state.</summary>
    public Policy Outbound(string component, ComponentKind kind) =>
        Of(_catalog.Components.GetValueOrDefault(component)?.Outbound ?? Defaults(kind, "Outbound"));

    /// <summary>One of the three built-in retries, as configured by name or as daprd has it.</summary>
    public Policy BuiltIn(string name) => Of(new("", name));

    PolicyNames ForActor(string type) => _catalog.Actors.GetValueOrDefault(type) ?? _anyActor;

    PolicyNames Defaults(ComponentKind kind, string direction) =>
        _catalog.Defaults($"{kind}Component{direction}", $"Component{direction}", "Component");

    Policy Of(PolicyNames names) => _policies.GetOrAdd(
        names, names => new(_catalog.Timeout(names.Timeout), _catalog.Retry(names.Retry), _clock));
}
