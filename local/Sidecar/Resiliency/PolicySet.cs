using System.Collections.Concurrent;
using Ticketing.Sidecar.Resources;

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

    /// <summary>Nobody gets to know more breakers by name than this, unless the target says how many.</summary>
    const int EndpointBreakersMax = 100, ActorBreakersMax = 5000;

    readonly PolicyCatalog _catalog;
    readonly PolicyClock _clock;
    readonly ConcurrentDictionary<string, BreakerCache> _caches = new();
    readonly ConcurrentDictionary<string, CircuitBreaker> _componentBreakers = new();
    readonly ConcurrentDictionary<(string Direction, string Name, ComponentKind Kind), Policy> _components = new();

    // Asked for at every call.
    readonly PolicyNames _anyApp, _anyActor;

    internal PolicySet(PolicyCatalog catalog, PolicyClock clock)
    {
        (_catalog, _clock) = (catalog, clock);
        (_anyApp, _anyActor) = (catalog.Defaults("App"), catalog.Defaults("Actor"));
    }

    /// <summary>For a sidecar without any Resiliency resource.</summary>
    public static PolicySet Empty(PolicyClock clock) => Read([], "", clock, _ => { });

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

    /// <summary>For invoking an app; each endpoint of it has its own breaker.</summary>
    public Policy ForApp(string appId, string endpoint)
    {
        var names = _catalog.Apps.GetValueOrDefault(appId) ?? _anyApp;
        return Build(names, names.Timeout, () =>
            Breakers($"app {appId}", names, EndpointBreakersMax)?.For(endpoint));
    }

    /// <summary>Around finding and calling an actor, outside its turn: no timeout, it would count the wait.</summary>
    public Policy ForActorCall(string type, string id)
    {
        var targeted = _catalog.Actors.TryGetValue(type, out var names);
        names ??= _anyActor;
        var key = targeted && names.CircuitBreakerScope != "type" ? $"{type}-{id}" : type;
        return Build(names, "", () => Breakers($"actor {type}", names, ActorBreakersMax)?.For(key));
    }

    /// <summary>Inside an actor's turn: the timeout only.</summary>
    public Policy ForActorTurn(string type)
    {
        var names = _catalog.Actors.GetValueOrDefault(type) ?? _anyActor;
        return new(_catalog.Timeout(names.Timeout), null, null, _clock);
    }

    /// <summary>For what a component hands to the app: deliveries.</summary>
    public Policy Inbound(string component, ComponentKind kind) => ForComponent("Inbound", component, kind);

    /// <summary>For calls to a component: publishing, reading and writing state.</summary>
    public Policy Outbound(string component, ComponentKind kind) => ForComponent("Outbound", component, kind);

    /// <summary>One of the three built-in retries, as configured by name or as daprd has it.</summary>
    public Policy BuiltIn(string name) => new(TimeSpan.Zero, _catalog.Retry(name), null, _clock);

    Policy ForComponent(string direction, string component, ComponentKind kind) =>
        _components.GetOrAdd((direction, component, kind), _ =>
        {
            var names = _catalog.Components.TryGetValue(component, out var targeted)
                ? direction == "Inbound" ? targeted.Inbound : targeted.Outbound
                : _catalog.Defaults($"{kind}Component{direction}", $"Component{direction}", "Component");
            // As daprd: both directions of a component share one breaker, made from whichever template came first.
            return Build(names, names.Timeout, () => _catalog.Breaker(names.CircuitBreaker) is { } template
                ? _componentBreakers.GetOrAdd(component, _ => new CircuitBreaker(template, _clock.Time))
                : null);
        });

    Policy Build(PolicyNames names, string timeout, Func<CircuitBreaker?> breaker) =>
        new(_catalog.Timeout(timeout), _catalog.Retry(names.Retry), breaker(), _clock);

    BreakerCache? Breakers(string target, PolicyNames names, int capacity) =>
        _catalog.Breaker(names.CircuitBreaker) is not { } template
            ? null
            : _caches.GetOrAdd(target, _ => new BreakerCache(
                template, names.CircuitBreakerCacheSize > 0 ? names.CircuitBreakerCacheSize : capacity, _clock.Time));
}
