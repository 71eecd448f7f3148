namespace Ticketing.Sidecar.Secrets;

/// <summary><c>secretstores.local.file</c>: a JSON file, read once. Nested objects become names like
/// <c>a:b</c>.</summary>
sealed class LocalFileSecretStore(ComponentContext context) : IComponent
{
    public static readonly ComponentType Type = new("secretstores.local.file", ["v1"],
        new MetadataSchema(["nestedSeparator"], "secretsFile"), context => new LocalFileSecretStore(context));

    readonly string _separator = context.Properties.Text("nestedSeparator", ":");
    readonly Dictionary<string, string> _secrets = [];

    public IReadOnlyDictionary<string, string> Secrets => _secrets;

    public IReadOnlyList<string> Capabilities => [];

    public async Task InitAsync(CancellationToken ct)
    {
        var file = context.Properties.Text("secretsFile", "");
        if (file.Length == 0) throw new MetadataException("secretsFile", "missing local secrets file in metadata");
        var path = Path.Combine(context.Options.WorkingDirectory, file);
        if (!File.Exists(path)) throw new MetadataException("secretsFile", $"open {file}: no such file or directory");
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, ct));
            foreach (var member in json.RootElement.EnumerateObject()) Add(member.Name, member.Value);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new MetadataException("secretsFile", $"is not a JSON object: {error.Message}", error);
        }
    }

    void Add(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var member in value.EnumerateObject()) Add(name + _separator + member.Name, member.Value);
        else if (value.ValueKind == JsonValueKind.Array)
            foreach (var (i, item) in value.EnumerateArray().Index()) Add($"{name}{_separator}{i}", item);
        else
            _secrets[name] = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
