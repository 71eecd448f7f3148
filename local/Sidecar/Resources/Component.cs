namespace Ticketing.Sidecar.Resources;

/// <summary>A <c>dapr.io/v1alpha1</c> Component as written; values are resolved when it is created.</summary>
/// <param name="Version">As written; "", "v0" and "v1" all mean the first version of the type.</param>
/// <param name="SecretStore">The store that <c>secretKeyRef</c>s are looked up in; "" when none is named.</param>
/// <param name="Scopes">App ids that may use it; empty means every app.</param>
/// <param name="File">Where it was read from, for error lines.</param>
public sealed record Component(
    string Name, string Type, string Version, IReadOnlyList<MetadataItem> Metadata,
    string SecretStore, IReadOnlyList<string> Scopes, string File)
{
    /// <summary>How daprd names a component in errors and logs: <c>store (state.redis/v1)</c>.</summary>
    public string LogName => $"{Name} ({Type}/{(Version.Length == 0 ? "v1" : Version)})";
}

/// <summary>One name of a component's metadata with exactly one source of its value.</summary>
public sealed record MetadataItem(string Name, string Value, SecretKeyRef? SecretKeyRef);

/// <param name="Key">The entry inside a multi-valued secret; the name itself when not given.</param>
public sealed record SecretKeyRef(string Name, string Key);
