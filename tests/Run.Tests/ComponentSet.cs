using YamlDotNet.RepresentationModel;

namespace Ticketing.Run.Tests;

/// <summary>The resources of one folder, as a sidecar would load them.</summary>
sealed record ComponentSet(string Folder, IReadOnlyList<YamlMappingNode> Resources)
{
    /// <summary>The sets that need the real runtime: the sidecar of <c>local/Run</c> has no such component.</summary>
    public static readonly string[] OfDaprAlone = ["mysql", "nats"];
    public static readonly string[] Local = ["embedded", "redis", "rabbitmq", "postgres", .. OfDaprAlone];
    public static readonly string[] Names = [.. Local, "../k8s/base/components"];

    public static ComponentSet Load(string name)
    {
        var folder = Repository.At(Path.Combine("components", name));
        return new(folder, [.. Directory.GetFiles(folder, "*.yaml").Order().SelectMany(Documents)]);
    }

    public YamlMappingNode Component(string name) => Resources.Single(r => Kind(r) == "Component" && Name(r) == name);

    public IEnumerable<YamlMappingNode> OfKind(string kind) => Resources.Where(r => Kind(r) == kind);

    public static string Kind(YamlMappingNode resource) => resource["kind"].ToString();

    public static string Name(YamlMappingNode resource) => resource["metadata"]["name"].ToString();

    public static string Type(YamlMappingNode component) => component["spec"]["type"].ToString();

    public static string[] Scopes(YamlMappingNode resource) =>
        resource.Children.TryGetValue("scopes", out var scopes) ? Texts(scopes) : [];

    public static string[] Texts(YamlNode sequence) => [.. ((YamlSequenceNode)sequence).Select(s => s.ToString())];

    public static IReadOnlyDictionary<string, string> Metadata(YamlMappingNode component) =>
        ((YamlSequenceNode)component["spec"]["metadata"]).Cast<YamlMappingNode>().ToDictionary(
            m => m["name"].ToString(),
            m => m.Children.TryGetValue("value", out var value) ? value.ToString() : "(secret)");

    static IEnumerable<YamlMappingNode> Documents(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(path)));
        return stream.Documents.Select(d => (YamlMappingNode)d.RootNode);
    }
}
