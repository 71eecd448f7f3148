using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Sidecar.Resources;

/// <summary>A YAML mapping read field by field, which knows where it stands and what was never asked for.</summary>
sealed class YamlMap(YamlMappingNode node, string path, List<string> unknown)
{
    readonly HashSet<string> _read = [];

    public static YamlMap Root(YamlMappingNode node, List<string> unknown) => new(node, "", unknown);

    public string Text(string field) => Find(field) switch
    {
        null => "",
        YamlScalarNode scalar => YamlScalar.ToText(scalar),
        _ => throw Wrong(field, "must be a plain value"),
    };

    public bool Flag(string field) => Text(field) switch
    {
        "" or "false" => false,
        "true" => true,
        var other => throw Wrong(field, $"must be true or false, not '{other}'"),
    };

    public int? Number(string field) => Text(field) switch
    {
        "" => null,
        var text when int.TryParse(text, out var number) => number,
        var other => throw Wrong(field, $"must be a whole number, not '{other}'"),
    };

    public IReadOnlyList<string> Texts(string field) => Find(field) switch
    {
        null => [],
        YamlScalarNode { Value: "" or null } => [],
        YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode) =>
            [.. list.Children.Select(item => YamlScalar.ToText((YamlScalarNode)item))],
        _ => throw Wrong(field, "must be a list of texts"),
    };

    public YamlMap? Map(string field) => Find(field) switch
    {
        null => null,
        YamlScalarNode scalar when YamlScalar.IsNull(scalar) => null,
        YamlMappingNode map => Child(map, field),
        _ => throw Wrong(field, "must be a mapping"),
    };

    public IReadOnlyList<YamlMap> Maps(string field) => Find(field) switch
    {
        null => [],
        YamlScalarNode scalar when YamlScalar.IsNull(scalar) => [],
        YamlSequenceNode list when list.Children.All(item => item is YamlMappingNode) =>
            [.. list.Children.Select((item, i) => Child((YamlMappingNode)item, $"{field}[{i}]"))],
        _ => throw Wrong(field, "must be a list of mappings"),
    };

    /// <summary>A mapping whose keys are names of the writer's choice.</summary>
    public IReadOnlyDictionary<string, T> Named<T>(string field, Func<YamlMap, string, T> read)
    {
        if (Map(field) is not { } map) return new Dictionary<string, T>();
        return map.Keys.ToDictionary(key => key, key => read(map, key), StringComparer.Ordinal);
    }

    public IEnumerable<string> Keys => node.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "");

    /// <summary>Fields by which daprd does something that this sidecar does not.</summary>
    /// <exception cref="YamlFieldException">One of them is there.</exception>
    public void Refuse(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
            if (Find(field) is not null)
                throw new YamlFieldException(At(field), "is not supported by this sidecar") { IsUnsupported = true };
    }

    /// <summary>Call once everything was read: names the fields that were not read.</summary>
    public void NoteUnknown() => unknown.AddRange(Keys.Where(key => !_read.Contains(key)).Select(At));

    public YamlFieldException Wrong(string field, string reason) => new(At(field), reason);

    string At(string field) => path.Length == 0 ? field : $"{path}.{field}";

    YamlMap Child(YamlMappingNode map, string field) => new(map, At(field), unknown);

    // As in daprd, field names are taken in any letter case.
    YamlNode? Find(string field)
    {
        YamlNode? found = null;
        foreach (var (key, value) in node.Children)
        {
            if (key is not YamlScalarNode { Value: { } name }) continue;
            if (!name.Equals(field, StringComparison.OrdinalIgnoreCase)) continue;
            _read.Add(name);
            found = value;
            if (name == field) break;
        }

        return found is YamlScalarNode scalar && YamlScalar.IsNull(scalar) ? null : found;
    }
}

sealed class YamlFieldException(string field, string reason) : Exception($"{field}: {reason}")
{
    public string Field { get; } = field;
    public string Reason { get; } = reason;

    /// <summary>To go on without it would be something else than what was asked for.</summary>
    public bool IsUnsupported { get; init; }
}

static class YamlScalar
{
    public static bool IsNull(YamlScalarNode node) =>
        node.Style == ScalarStyle.Plain && node.Value is null or "" or "~" or "null";

    public static string ToText(YamlScalarNode node) => IsNull(node) ? "" : node.Value!;
}
