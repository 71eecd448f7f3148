namespace Ticketing.Sidecar.Secrets;

/// <summary><c>secretstores.local.file</c>: a JSON file, read once. Nested objects become names like
/// <c>a:b</c>.</summary>
sealed class LocalFileSecretStore(ComponentContext context) : ISecretStore
{
    public static readonly ComponentType Type = new("secretstores.local.file", ["v1"],
        new MetadataSchema(["nestedSeparator", "multiValued"], "secretsFile"), context =>
            new LocalFileSecretStore(context));

    readonly string _separator = context.Properties.Text("nestedSeparator", ":");
    readonly bool _isMultiValued = context.Properties.Flag("multiValued");
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _secrets = [];

    public IReadOnlyList<string> Capabilities => _isMultiValued ? ["MULTIPLE_KEY_VALUES_PER_SECRET"] : [];

    public async Task InitAsync(CancellationToken ct)
    {
        var file = context.Properties.Text("secretsFile", "");
        if (file.Length == 0) throw new MetadataException("secretsFile", "missing local secrets file in metadata");
        var path = Path.Combine(context.Options.WorkingDirectory, file);
        if (!File.Exists(path)) throw new MetadataException("secretsFile", $"open {file}: no such file or directory");
        using var json = Parse(await File.ReadAllBytesAsync(path, ct));
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new MetadataException("secretsFile", "the secrets file is not a JSON object");
        foreach (var member in json.RootElement.EnumerateObject()) Add(member);
    }

    static JsonDocument Parse(byte[] bytes)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw new MetadataException("secretsFile", error.Message, error);
        }
    }

    void Add(JsonProperty member)
    {
        if (!_isMultiValued)
        {
            foreach (var (name, value) in Flatten(member.Name, member.Value))
                _secrets[name] = new Dictionary<string, string> { [name] = value };
        }
        else if (member.Value.ValueKind == JsonValueKind.Object)
        {
            _secrets[member.Name] = member.Value.EnumerateObject()
                .SelectMany(inner => Flatten(inner.Name, inner.Value)).DistinctBy(entry => entry.Name)
                .ToDictionary(entry => entry.Name, entry => entry.Value);
        }
        else if (member.Value.ValueKind == JsonValueKind.String)
        {
            _secrets[member.Name] = new Dictionary<string, string> { [member.Name] = member.Value.GetString()! };
        }
    }

    IEnumerable<(string Name, string Value)> Flatten(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            value.EnumerateObject().SelectMany(member => Flatten($"{name}{_separator}{member.Name}", member.Value)),
        JsonValueKind.Array =>
            value.EnumerateArray().SelectMany(
                (item, i) => Flatten(string.Create(CultureInfo.InvariantCulture, $"{name}{_separator}{i}"), item)),
        JsonValueKind.String => [(name, value.GetString()!)],
        _ => [(name, value.GetRawText())],
    };

    public Task<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        _secrets.TryGetValue(name, out var secret)
            ? Task.FromResult(secret)
            : throw new SecretException($"secret {name} not found");

    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>>(_secrets);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
