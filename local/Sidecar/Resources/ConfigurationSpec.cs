namespace Ticketing.Sidecar.Resources;

/// <summary>The parts of a <c>dapr.io/v1alpha1</c> Configuration that change what a sidecar does.</summary>
/// <param name="DefaultAction">Whether other apps may invoke this one: null or "allow", else nobody may. Without mTLS
/// no caller has an identity, so the policies for single callers never count.</param>
public sealed record ConfigurationSpec(string Name, IReadOnlyList<SecretScope> SecretScopes, string? DefaultAction)
{
    public static readonly ConfigurationSpec Default = new("daprsystem", [], null);
}

/// <param name="DefaultAccess">"allow", "deny" or "" (allow).</param>
public sealed record SecretScope(
    string StoreName, string DefaultAccess, IReadOnlyList<string> Allowed, IReadOnlyList<string> Denied);
