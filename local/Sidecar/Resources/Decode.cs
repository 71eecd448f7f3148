namespace Ticketing.Sidecar.Resources;

/// <summary>From a YAML document to the record of its kind.</summary>
static class Decode
{
    public static Component Component(YamlMap root, string file)
    {
        var (name, scopes) = Head(root);
        var spec = root.Map("spec");
        spec?.Refuse("ignoreErrors", "initTimeout");
        var component = new Component(
            name, spec?.Text("type") ?? "", spec?.Text("version") ?? "",
            [.. (spec?.Maps("metadata") ?? []).Select(Metadata)],
            root.Map("auth")?.Text("secretStore") ?? "", scopes, file);
        NoteUnknown(root, spec);
        return component;
    }

    static MetadataItem Metadata(YamlMap item)
    {
        item.Refuse("envRef");
        var secret = item.Map("secretKeyRef");
        var secretName = secret?.Text("name") ?? "";
        return new MetadataItem(
            item.Text("name"), item.Text("value"),
            secretName.Length == 0
                ? null
                : new SecretKeyRef(secretName, secret!.Text("key") is { Length: > 0 } key ? key : secretName));
    }

    public static ResiliencySpec Resiliency(YamlMap root, string file)
    {
        var (name, scopes) = Head(root);
        var spec = root.Map("spec");
        var policies = spec?.Map("policies");
        var targets = spec?.Map("targets");
        policies?.Refuse("circuitBreakers");
        targets?.Refuse("apps", "actors");
        var resiliency = new ResiliencySpec(
            name, scopes,
            Named(policies, "timeouts", (map, key) => map.Text(OwnName(map, key))),
            Named(policies, "retries", (map, key) => Retry(map.Map(OwnName(map, key)))),
            Named(targets, "components", (map, key) => Inbound(map.Map(key))),
            file);
        NoteUnknown(root, spec, policies, targets);
        return resiliency;
    }

    // To daprd these names mean a default for all targets, or one of its built-in retries.
    static string OwnName(YamlMap map, string policy)
    {
        if (policy.StartsWith("Default", StringComparison.Ordinal)
            || policy.StartsWith("DaprBuiltIn", StringComparison.Ordinal))
            map.Refuse(policy);
        return policy;
    }

    static RetrySpec Retry(YamlMap? map)
    {
        map?.Refuse("matching");
        return new RetrySpec(
            map?.Text("policy") ?? "", map?.Text("duration") ?? "", map?.Text("maxInterval") ?? "",
            map?.Number("maxRetries"));
    }

    static PolicyNames Inbound(YamlMap? component)
    {
        component?.Refuse("outbound");
        var inbound = component?.Map("inbound");
        inbound?.Refuse("circuitBreaker");
        return new PolicyNames(inbound?.Text("timeout") ?? "", inbound?.Text("retry") ?? "");
    }

    public static ConfigurationSpec Configuration(YamlMap root)
    {
        var spec = root.Map("spec");
        spec?.Refuse("api", "components");
        var configuration = new ConfigurationSpec(
            root.Map("metadata")?.Text("name") ?? "",
            [.. (spec?.Map("secrets")?.Maps("scopes") ?? []).Select(Scope)],
            spec?.Map("accessControl")?.Text("defaultAction"));
        NoteUnknown(spec);
        return configuration;
    }

    static SecretScope Scope(YamlMap map) => new(
        map.Text("storeName"), map.Text("defaultAccess"), map.Texts("allowedSecrets"), map.Texts("deniedSecrets"));

    static (string Name, IReadOnlyList<string> Scopes) Head(YamlMap root) =>
        (root.Map("metadata")?.Text("name") ?? "", root.Texts("scopes"));

    static IReadOnlyDictionary<string, T> Named<T>(YamlMap? map, string field, Func<YamlMap, string, T> read) =>
        map?.Named(field, read) ?? new Dictionary<string, T>();

    static void NoteUnknown(params ReadOnlySpan<YamlMap?> maps)
    {
        foreach (var map in maps) map?.NoteUnknown();
    }
}
