namespace Ticketing.Sidecar.Resources;

/// <summary>The parts of a <c>dapr.io/v1alpha1</c> Configuration that change what a sidecar does.</summary>
/// <param name="SamplingRate">Null when there is no tracing section: then incoming trace ids pass unchanged.</param>
public sealed record ConfigurationSpec(
    string Name, string? SamplingRate, IReadOnlyList<SecretScope> SecretScopes, IReadOnlyList<ApiRule> AllowedApis,
    IReadOnlyList<ApiRule> DeniedApis, IReadOnlyDictionary<string, bool> Features,
    IReadOnlyList<string> DeniedComponents, AccessControl? AccessControl)
{
    public static readonly ConfigurationSpec Default =
        new("daprsystem", null, [], [], [], new Dictionary<string, bool>(), [], null);

    // What daprd has on unless told otherwise.
    static readonly string[] FeaturesByDefault = ["HotReload", "WorkflowsRemoteActivityReminder"];

    public bool IsFeatureOn(string name) =>
        Features.TryGetValue(name, out var on) ? on : FeaturesByDefault.Contains(name);

    public IEnumerable<string> EnabledFeatures => FeaturesByDefault.Union(Features.Keys).Where(IsFeatureOn);
}

/// <param name="DefaultAccess">"allow", "deny" or "" (allow).</param>
public sealed record SecretScope(
    string StoreName, string DefaultAccess, IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied);

/// <param name="Name">As daprd compares it: a prefix of the endpoint, such as <c>state</c>.</param>
public sealed record ApiRule(string Name, string Version, string Protocol);

/// <summary>Who may invoke this app; without mTLS no caller has an identity, so only the default counts.</summary>
public sealed record AccessControl(string DefaultAction, string TrustDomain);
