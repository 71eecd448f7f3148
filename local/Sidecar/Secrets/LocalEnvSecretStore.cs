using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Secrets;

/// <summary>
/// <c>secretstores.local.env</c>: environment variables, a missing one is empty, the sidecar's own are hidden.
/// </summary>
sealed class LocalEnvSecretStore(ComponentContext context) : ISecretStore
{
    public static readonly ComponentType Type =
        new("secretstores.local.env", ["v1"], new MetadataSchema(["prefix"]),
            context => new LocalEnvSecretStore(context));

    readonly string _prefix = context.Properties.Text("prefix", "");

    public IReadOnlyList<string> Capabilities => [];

    public Task InitAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var variable = _prefix + name;
        var value = MetadataResolver.IsSidecarsOwn(variable)
            ? ""
            : context.Options.Variables.GetValueOrDefault(variable, "");
        return Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string> { [name] = value });
    }

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var secrets = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (var (variable, value) in context.Options.Variables)
        {
            if (!variable.StartsWith(_prefix, StringComparison.Ordinal) || MetadataResolver.IsSidecarsOwn(variable))
                continue;
            if (variable[_prefix.Length..] is { Length: > 0 } name)
                secrets[name] = new Dictionary<string, string> { [name] = value };
        }

        return Task.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(secrets);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
