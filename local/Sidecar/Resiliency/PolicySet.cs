namespace Ticketing.Sidecar.Resiliency;

/// <summary>The policies one sidecar applies: those of its brokers' deliveries, as the Resiliency resources name them,
/// and the retries that daprd has built in. A later resource replaces an earlier one.</summary>
public sealed class PolicySet
{
    static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(5);
    static readonly TimeSpan DefaultMaxInterval = TimeSpan.FromSeconds(60);

    readonly Dictionary<string, TimeSpan> _timeouts = [];
    readonly Dictionary<string, Retry> _retries = [];
    readonly Dictionary<string, PolicyNames> _inbound = [];
    readonly Dictionary<string, Policy> _policies;
    readonly Policy _none;

    /// <param name="fault">Receives faults that daprd only logs as errors, and names that do not exist.</param>
    public PolicySet(IEnumerable<ResiliencySpec> specs, PolicyClock clock, Action<ResourceFault> fault)
    {
        foreach (var spec in specs) Add(spec, fault);
        _none = new(TimeSpan.Zero, null, clock);
        _policies = _inbound.ToDictionary(target => target.Key, target => new Policy(
            _timeouts.GetValueOrDefault(target.Value.Timeout), _retries.GetValueOrDefault(target.Value.Retry), clock));
        ServiceRetries = new(TimeSpan.Zero, Retry.Constant(TimeSpan.FromSeconds(1), 3), clock);
        InitializationRetries = new(TimeSpan.Zero, Retry.Exponential(TimeSpan.FromSeconds(1), 3), clock);
        ActorNotFoundRetries = new(TimeSpan.Zero, Retry.Constant(TimeSpan.FromSeconds(1), 5), clock);
    }

    /// <summary>For calling an app whose sidecar has ended.</summary>
    public Policy ServiceRetries { get; }

    /// <summary>For asking an app what it subscribes to.</summary>
    public Policy InitializationRetries { get; }

    /// <summary>For calling an actor that is moving to another host.</summary>
    public Policy ActorNotFoundRetries { get; }

    /// <summary>For delivering a broker's messages to the app.</summary>
    public Policy Inbound(string component) => _policies.GetValueOrDefault(component, _none);

    /// <summary>As in daprd, a resource with an invalid policy has no targets.</summary>
    void Add(ResiliencySpec spec, Action<ResourceFault> fault)
    {
        var field = "";
        try
        {
            foreach (var (name, text) in spec.Timeouts)
            {
                field = $"timeouts.{name}";
                _timeouts[name] = Duration(name, text, TimeSpan.Zero);
            }

            foreach (var (name, retry) in spec.Retries)
            {
                field = $"retries.{name}";
                _retries[name] = Read(name, retry);
            }
        }
        catch (FormatException error)
        {
            fault(Fault(spec, $"spec.policies.{field}", error.Message));
            return;
        }

        foreach (var (component, names) in spec.Inbound)
        {
            _inbound[component] = names;
            if (names.Timeout.Length > 0 && !_timeouts.ContainsKey(names.Timeout))
                fault(UnknownPolicy(spec, $"{component}.inbound.timeout", names.Timeout));
            if (names.Retry.Length > 0 && !_retries.ContainsKey(names.Retry))
                fault(UnknownPolicy(spec, $"{component}.inbound.retry", names.Retry));
        }
    }

    static Retry Read(string name, RetrySpec spec)
    {
        var kind = spec.Policy switch
        {
            "" or "constant" => RetryKind.Constant,
            "exponential" => RetryKind.Exponential,
            var other => throw new FormatException($"invalid retry configuration \"{name}\": policy '{other}'"),
        };
        return new(
            kind, Duration(name, spec.Duration, DefaultDuration),
            Duration(name, spec.MaxInterval, DefaultMaxInterval), spec.MaxRetries is >= 0 ? spec.MaxRetries : null);
    }

    /// <summary>A bare number is milliseconds.</summary>
    static TimeSpan Duration(string name, string text, TimeSpan fallback)
    {
        if (text.Length == 0) return fallback;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        return DaprDuration.TryParse(text, out var duration)
            ? duration
            : throw new FormatException($"invalid duration \"{name}\", {text}");
    }

    // daprd ignores the name of a policy that does not exist, without a message.
    static ResourceFault UnknownPolicy(ResiliencySpec spec, string target, string name) =>
        Fault(spec, $"spec.targets.components.{target}", $"there is no policy '{name}': none applies");

    static ResourceFault Fault(ResiliencySpec spec, string field, string reason) =>
        new(spec.File, $"Resiliency {spec.Name}", field, reason);
}
