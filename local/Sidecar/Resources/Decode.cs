namespace Ticketing.Sidecar.Resources;

/// <summary>From a YAML document to the record of its kind.</summary>
static class Decode
{
    static readonly TimeSpan InitTimeoutDefault = TimeSpan.FromSeconds(5);

    public static Component Component(YamlMap root, string file)
    {
        var (name, scopes) = Head(root);
        var spec = root.Map("spec");
        var component = new Component(
            name, spec?.Text("type") ?? "", spec?.Text("version") ?? "",
            [.. (spec?.Maps("metadata") ?? []).Select(Metadata)],
            spec?.Flag("ignoreErrors") ?? false, InitTimeout(spec),
            root.Map("auth")?.Text("secretStore") ?? "", scopes, file);
        NoteUnknown(root, spec);
        return component;
    }

    static MetadataItem Metadata(YamlMap item)
    {
        var secret = item.Map("secretKeyRef");
        var secretName = secret?.Text("name") ?? "";
        return new MetadataItem(
            item.Text("name"), item.Text("value"),
            secretName.Length == 0
                ? null
                : new SecretKeyRef(secretName, secret!.Text("key") is { Length: > 0 } key ? key : secretName),
            item.Text("envRef"));
    }

    // daprd ignores an init timeout that it cannot read.
    static TimeSpan InitTimeout(YamlMap? spec) =>
        GoDuration.TryParse(spec?.Text("initTimeout") ?? "", out var timeout) && timeout > TimeSpan.Zero
            ? timeout
            : InitTimeoutDefault;

    public static ResiliencySpec Resiliency(YamlMap root, string file)
    {
        var (name, scopes) = Head(root);
        var spec = root.Map("spec");
        var policies = spec?.Map("policies");
        var targets = spec?.Map("targets");
        if (policies?.Map("circuitBreakers") is not null) throw policies.Unsupported("circuitBreakers");
        var resiliency = new ResiliencySpec(
            name, scopes,
            Named(policies, "timeouts", (map, key) => map.Text(key)),
            Named(policies, "retries", (map, key) => Retry(map.Map(key))),
            Named(targets, "apps", (map, key) => Names(map.Map(key))),
            Named(targets, "actors", (map, key) => Names(map.Map(key))),
            Named(targets, "components", (map, key) => new ComponentPolicyNames(
                Names(map.Map(key)?.Map("inbound")), Names(map.Map(key)?.Map("outbound")))),
            file);
        NoteUnknown(root, spec, policies, targets);
        return resiliency;
    }

    static RetrySpec Retry(YamlMap? map)
    {
        var matching = map?.Map("matching");
        return new RetrySpec(
            map?.Text("policy")
                ?? "", map?.Text("duration") ?? "", map?.Text("maxInterval") ?? "", map?.Number("maxRetries"),
            matching?.Text("httpStatusCodes") ?? "", matching?.Text("gRPCStatusCodes") ?? "");
    }

    static PolicyNames Names(YamlMap? map)
    {
        if (map is null) return PolicyNames.None;
        if (map.Has("circuitBreaker")) throw map.Unsupported("circuitBreaker");
        return new PolicyNames(map.Text("timeout"), map.Text("retry"));
    }

    public static ConfigurationSpec Configuration(YamlMap root)
    {
        var spec = root.Map("spec");
        var api = spec?.Map("api");
        var access = spec?.Map("accessControl");
        spec?.PassOver("httpPipeline", "appHttpPipeline", "metric", "metrics", "mtls", "nameResolution", "logging",
            "wasm", "workflow");
        var configuration = new ConfigurationSpec(
            root.Map("metadata")?.Text("name") ?? "", spec?.Map("tracing")?.Text("samplingRate"),
            [.. (spec?.Map("secrets")?.Maps("scopes") ?? []).Select(Scope)],
            [.. (api?.Maps("allowed") ?? []).Select(Rule)], [.. (api?.Maps("denied") ?? []).Select(Rule)],
            (spec?.Maps("features") ?? []).ToDictionary(f => f.Text("name"), f => f.Flag("enabled")),
            spec?.Map("components")?.Texts("deny") ?? [],
            access is null ? null : new AccessControl(access.Text("defaultAction"), access.Text("trustDomain")));
        NoteUnknown(spec);
        return configuration;
    }

    static SecretScope Scope(YamlMap map) => new(
        map.Text("storeName"), map.Text("defaultAccess"), map.Texts("allowedSecrets"), map.Texts("deniedSecrets"));

    static ApiRule Rule(YamlMap map) => new(map.Text("name"), map.Text("version"), map.Text("protocol"));

    static (string Name, IReadOnlyList<string> Scopes) Head(YamlMap root) =>
        (root.Map("metadata")?.Text("name") ?? "", root.Texts("scopes"));

    static IReadOnlyDictionary<string, T> Named<T>(YamlMap? map, string field, Func<YamlMap, string, T> read) =>
        map?.Named(field, read) ?? new Dictionary<string, T>();

    static void NoteUnknown(params ReadOnlySpan<YamlMap?> maps)
    {
        foreach (var map in maps) map?.NoteUnknown();
    }
}
