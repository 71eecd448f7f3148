using Ticketing.Sidecar.Secrets;

namespace Ticketing.Sidecar.Components;

/// <summary>Turns metadata items into values: secrets, environment variables, then templates.</summary>
sealed class MetadataResolver(SidecarOptions options, SidecarHost host, LoadedComponents loaded, ILogger log)
{
    static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>Null when the component waits for a secret store that is not there: daprd parks it without a
    /// word.</summary>
    public async Task<ComponentProperties?> ResolveAsync(Component component, CancellationToken ct)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var item in component.Metadata)
        {
            var value = item.Value;
            if (item.SecretKeyRef is { } reference)
            {
                if (component.SecretStore.Length == 0)
                {
                    Log.Resource(log, options.AppId, Fault(component, item, "no auth.secretStore to look it up in").ToString());
                }
                else if (!loaded.SecretStores.TryGetValue(component.SecretStore, out var store))
                {
                    Log.Resource(log, options.AppId,
                        Fault(component, item, $"waits for secret store '{component.SecretStore}', which is not loaded")
                            .ToString());
                    return null;
                }
                else
                {
                    value = await SecretAsync((ISecretStore)store.Instance, component, item, reference, ct);
                }
            }
            else if (value.Length == 0 && item.EnvRef.Length > 0)
            {
                value = Variable(component, item);
            }

            values.Add(new(item.Name, Expand(value)));
        }

        return new ComponentProperties(values);
    }

    // A secret that is missing, or looked for nowhere, leaves the value empty: the component itself decides whether it can live without.
    async Task<string> SecretAsync(ISecretStore store, Component component, MetadataItem item, SecretKeyRef reference,
        CancellationToken ct)
    {
        try
        {
            var secret = await store.GetAsync(reference.Name, NoMetadata, ct);
            return secret.GetValueOrDefault(reference.Key, "");
        }
        catch (SecretException error)
        {
            Log.Resource(log, options.AppId, Fault(component, item, error.Message).ToString());
            return "";
        }
    }

    string Variable(Component component, MetadataItem item)
    {
        if (!IsSidecarsOwn(item.EnvRef)) return options.Variables.GetValueOrDefault(item.EnvRef, "");
        Log.Resource(log, options.AppId,
            Fault(component, item, $"environment variable {item.EnvRef} is the sidecar's own").ToString());
        return "";
    }

    static bool IsSidecarsOwn(string variable) =>
        variable.Equals("APP_API_TOKEN", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("DAPR_", StringComparison.OrdinalIgnoreCase);

    string Expand(string value)
    {
        while (value.IndexOf("{uuid}", StringComparison.Ordinal) is >= 0 and var at)
            value = $"{value[..at]}{host.NewId()}{value[(at + "{uuid}".Length)..]}";
        var space = options.Namespace.Length == 0 ? "default" : options.Namespace;
        return value.Replace("{namespace}", $"{space}.{options.AppId}", StringComparison.Ordinal)
            .Replace("{appID}", options.AppId, StringComparison.Ordinal)
            .Replace("{podName}", options.Variables.GetValueOrDefault("POD_NAME", ""), StringComparison.Ordinal);
    }

    static ResourceFault Fault(Component component, MetadataItem item, string reason) =>
        new(component.File, $"Component {component.LogName}", $"spec.metadata.{item.Name}", reason);
}
