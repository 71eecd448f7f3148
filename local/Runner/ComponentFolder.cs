using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Run;

/// <summary>The components that the sidecars load: those of the set, with the broker and data folder.</summary>
sealed record ComponentFolder(string Path, string Set, string? BrokerSet)
{
    const string BrokerFile = "pubsub.yaml";
    /// <summary>Types in the sets of components/ that the embedded sidecar does not play; one that Dapr does not have
    /// either is refused by the sidecar, with its line.</summary>
    static readonly string[] RealDaprOnly = ["state.mysql", "pubsub.jetstream"];

    /// <summary>Written anew at each start to <c>{data}/components</c>. Call it while holding the
    /// <see cref="DataLock"/>: the folder may belong to a shop that runs.</summary>
    /// <exception cref="StartException">A set does not exist, is not YAML, or needs the real Dapr.</exception>
    public static ComponentFolder Compose(string set, string? brokerSet, string data)
    {
        foreach (var file in (IEnumerable<string>)[.. Yaml(set).Where(file => brokerSet is null || !IsBroker(file)),
            .. brokerSet is null ? [] : Yaml(brokerSet).Where(IsBroker)])
            RefuseUnplayed(file);
        var files = Yaml(set).Select(file => (Name: System.IO.Path.GetFileName(file), Text: Rewrite(file, data)))
            .ToDictionary(file => file.Name, file => file.Text);
        if (brokerSet is not null)
        {
            var broker = Yaml(brokerSet).FirstOrDefault(IsBroker) ?? throw Missing(brokerSet, BrokerFile);
            files[BrokerFile] = Rewrite(broker, data);
        }

        var folder = System.IO.Path.Combine(data, "components");
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in files) File.WriteAllText(System.IO.Path.Combine(folder, name), text);
        return new(folder, set, brokerSet);
    }

    /// <summary>Names the files that a person can correct instead of the copies made here.</summary>
    public string InSource(string message) => message
        .Replace(
            System.IO.Path.Combine(Path, BrokerFile), System.IO.Path.Combine(BrokerSet ?? Set, BrokerFile),
            StringComparison.Ordinal)
        .Replace(Path, Set, StringComparison.Ordinal);

    // The path is set as a value and the text is made from it again: pasted into the text, a backslash, quote or colon
    // in the path would be read as YAML.
    static string Rewrite(string file, string data)
    {
        var yaml = YamlFile.Read(file);
        foreach (var scalar in yaml.Documents.SelectMany(document => document.AllNodes).OfType<YamlScalarNode>())
        {
            if (scalar.Value?.Contains(Plan.DataFolder, StringComparison.Ordinal) is not true) continue;
            scalar.Value = scalar.Value.Replace(Plan.DataFolder, data, StringComparison.Ordinal);
            scalar.Style = ScalarStyle.DoubleQuoted;
        }

        using var text = new StringWriter();
        yaml.Save(text, assignAnchors: false);
        return text.ToString();
    }

    static void RefuseUnplayed(string file)
    {
        foreach (var type in YamlFile.Read(file).Documents.Select(TypeOf).OfType<string>())
        {
            if (RealDaprOnly.Contains(type))
                throw new StartException($"{System.IO.Path.GetDirectoryName(file)} needs the real Dapr ({type}): "
                    + "start it with `dapr run -f .`, with this folder as resourcesPaths in dapr.yaml.");
        }
    }

    static string? TypeOf(YamlDocument document) =>
        document.RootNode is YamlMappingNode root
        && root.Children.TryGetValue("spec", out var spec) && spec is YamlMappingNode fields
        && fields.Children.TryGetValue("type", out var type) ? (type as YamlScalarNode)?.Value : null;

    static bool IsBroker(string file) => System.IO.Path.GetFileName(file) == BrokerFile;

    static string[] Yaml(string set) =>
        Directory.Exists(set) && Directory.GetFiles(set, "*.yaml") is { Length: > 0 } files
            ? files
            : throw Missing(set, "YAML");

    static StartException Missing(string set, string what) => new(
        $"{set} is no set of components, there is no {what} in it: name one of the folders of components/.");
}
