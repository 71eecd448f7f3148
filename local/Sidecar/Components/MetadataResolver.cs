using Ticketing.Sidecar.Secrets;

namespace Ticketing.Sidecar.Components;

/// <summary>Turns metadata items into values: secrets, then templates.</summary>
sealed class MetadataResolver(SidecarOptions options, SidecarHost host, LoadedComponents loaded, ILogger log)
{
    /// <summary>Null if the secret store does not exist: daprd then does not load the component, and logs
    /// nothing.</summary>
    public ComponentProperties? Resolve(Component component)
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
                    value = Secret((LocalFileSecretStore)store.Instance, component, item, reference);
                }
            }

            values.Add(new(item.Name, Expand(value)));
        }

        return new ComponentProperties(values);
    }

    // A missing secret leaves the value empty: the component decides whether it is required.
    string Secret(LocalFileSecretStore store, Component component, MetadataItem item, SecretKeyRef reference)
    {
        if (!store.Secrets.TryGetValue(reference.Name, out var secret))
            Log.Resource(log, options.AppId, Fault(component, item, $"secret {reference.Name} not found").ToString());
        return reference.Key == reference.Name ? secret ?? "" : "";
    }

    string Expand(string value)
    {
        while (value.IndexOf("{uuid}", StringComparison.Ordinal) is >= 0 and var at)
            value = $"{value[..at]}{host.NewId()}{value[(at + "{uuid}".Length)..]}";
        return value.Replace("{appID}", options.AppId, StringComparison.Ordinal);
    }

    static ResourceFault Fault(Component component, MetadataItem item, string reason) =>
        new(component.File, $"Component {component.LogName}", $"spec.metadata.{item.Name}", reason);
}
