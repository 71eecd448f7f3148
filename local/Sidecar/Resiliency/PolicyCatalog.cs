namespace Ticketing.Sidecar.Resiliency;

/// <summary>Policies and targets of all Resiliency resources by name; a later one replaces an earlier.</summary>
sealed class PolicyCatalog
{
    static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(5);
    static readonly TimeSpan DefaultMaxInterval = TimeSpan.FromSeconds(60);

    /// <summary>A built-in retry may be redefined, but not to fewer than this.</summary>
    const int BuiltInRetriesMin = 3;

    readonly Dictionary<string, TimeSpan> _timeouts = [];
    readonly Dictionary<string, Retry> _retries = new()
    {
        [PolicySet.BuiltInServiceRetries] = Resiliency.Retry.Constant(TimeSpan.FromSeconds(1), 3),
        [PolicySet.BuiltInInitializationRetries] = Resiliency.Retry.Exponential(TimeSpan.FromSeconds(1), 3),
        [PolicySet.BuiltInActorNotFoundRetries] = Resiliency.Retry.Constant(TimeSpan.FromSeconds(1), 5),
    };

    public Dictionary<string, PolicyNames> Apps { get; } = [];
    public Dictionary<string, PolicyNames> Actors { get; } = [];
    public Dictionary<string, ComponentPolicyNames> Components { get; } = [];

    public TimeSpan Timeout(string name) => _timeouts.GetValueOrDefault(name);
    public Retry? Retry(string name) => _retries.GetValueOrDefault(name);

    /// <summary>The policies <c>Default{level}RetryPolicy</c> and so on, of the first level that has one.</summary>
    public PolicyNames Defaults(params string[] levels)
    {
        string First(string kind, Func<string, bool> exists) => levels.Append("")
            .Select(level => $"Default{level}{kind}Policy").FirstOrDefault(exists, "");
        return new(First("Timeout", _timeouts.ContainsKey), First("Retry", _retries.ContainsKey));
    }

    /// <summary>As in daprd a policy that cannot be read leaves the resource's targets out.</summary>
    public void Add(ResiliencySpec spec, Action<ResourceFault> fault)
    {
        foreach (var (field, add) in Policies(spec, fault))
        {
            try
            {
                add();
            }
            catch (FormatException error)
            {
                fault(Fault(spec, $"spec.policies.{field}", error.Message));
                return;
            }
        }

        PolicyNames Checked(PolicyNames names, string target)
        {
            foreach (var (field, name) in Unknown(names))
                fault(Fault(spec, $"spec.targets.{target}.{field}", $"there is no policy '{name}': none applies"));
            return names;
        }

        foreach (var (name, names) in spec.Apps) Apps[name] = Checked(names, $"apps.{name}");
        foreach (var (name, names) in spec.Actors) Actors[name] = Checked(names, $"actors.{name}");
        foreach (var (name, (inbound, outbound)) in spec.Components)
            Components[name] = new(
                Checked(inbound, $"components.{name}.inbound"), Checked(outbound, $"components.{name}.outbound"));
    }

    IEnumerable<(string Field, Action Add)> Policies(ResiliencySpec spec, Action<ResourceFault> fault)
    {
        foreach (var (name, text) in spec.Timeouts)
            yield return ($"timeouts.{name}", () => _timeouts[name] = Duration(name, text, TimeSpan.Zero));
        foreach (var (name, retry) in spec.Retries)
        {
            if (name == PolicySet.BuiltInActorNotFoundRetries)
                fault(Fault(spec, $"spec.policies.retries.{name}", "is protected and stays as it is"));
            else
                yield return ($"retries.{name}", () => _retries[name] = Read(name, retry));
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
        var maxRetries = spec.MaxRetries is >= 0 ? spec.MaxRetries : null;
        var isBuiltIn = name is PolicySet.BuiltInServiceRetries or PolicySet.BuiltInInitializationRetries;
        if (isBuiltIn && (maxRetries ?? 0) < BuiltInRetriesMin) maxRetries = BuiltInRetriesMin;
        return new(
            kind, Duration(name, spec.Duration, DefaultDuration),
            Duration(name, spec.MaxInterval, DefaultMaxInterval), maxRetries,
            CodeRanges.Parse(spec.HttpStatusCodes, 100, 599), CodeRanges.Parse(spec.GrpcStatusCodes, 0, 16));
    }

    /// <summary>A bare number is milliseconds.</summary>
    static TimeSpan Duration(string name, string text, TimeSpan fallback)
    {
        if (text.Length == 0) return fallback;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return TimeSpan.FromMilliseconds(milliseconds);
        return GoDuration.TryParse(text, out var duration)
            ? duration
            : throw new FormatException($"invalid duration \"{name}\", {text}");
    }

    /// <summary>Names that lead nowhere: daprd takes them for no policy at all, in silence.</summary>
    IEnumerable<(string Field, string Name)> Unknown(PolicyNames names)
    {
        if (names.Timeout.Length > 0 && !_timeouts.ContainsKey(names.Timeout)) yield return ("timeout", names.Timeout);
        if (names.Retry.Length > 0 && !_retries.ContainsKey(names.Retry)) yield return ("retry", names.Retry);
    }

    static ResourceFault Fault(ResiliencySpec spec, string field, string reason) =>
        new(spec.File, $"Resiliency {spec.Name}", field, reason);
}
