using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ticketing.Sidecar.Resources;

/// <summary>Reads resource directories and Configuration files by daprd's rules.</summary>
/// <remarks>
/// A document that does not parse or decode is skipped with a warning, a component name used twice ends the
/// start, other kinds and versions are skipped, and scopes decide which resources this app gets.
/// </remarks>
public sealed class ResourceLoader(string appId)
{
    const string ApiVersion = "dapr.io/v1alpha1";

    static readonly string[] Kinds = ["Component", "Resiliency", "Configuration"];

    readonly List<ResourceFault> _warnings = [];

    /// <exception cref="ResourceException">A directory is missing, a name is used twice, a Configuration is
    /// unreadable, or what is asked for is not supported.</exception>
    public ResourceSet Load(IEnumerable<string> directories, IEnumerable<string> configurations)
    {
        var documents = directories.SelectMany(Files).SelectMany(Documents).ToList();
        foreach (var document in documents) NoteForeign(document);
        var components = Unique(Of(documents, "Component", Decode.Component));
        var resiliencies = Of(documents, "Resiliency", Decode.Resiliency).FindAll(found => InScope(found.Scopes));
        var configuration = configurations.Select(Configuration).LastOrDefault() ?? ConfigurationSpec.Default;
        return new ResourceSet(components, resiliencies, configuration, _warnings);
    }

    static IEnumerable<string> Files(string directory)
    {
        if (!Directory.Exists(directory))
            throw new ResourceException(new ResourceFault(directory, "", "", "no such file or directory"));
        return Directory.EnumerateFiles(directory)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal);
    }

    IEnumerable<Document> Documents(string file)
    {
        foreach (var text in Split(File.ReadAllText(file)))
            if (Parse(file, text) is { } document)
                yield return document;
    }

    /// <summary>daprd cuts at every line that begins with <c>---</c> before it parses, so faults stay in one
    /// document.</summary>
    static IEnumerable<string> Split(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var start = 0;
        for (var i = 1; i <= lines.Length; i++)
        {
            if (i < lines.Length && !lines[i].StartsWith("---", StringComparison.Ordinal)) continue;
            yield return string.Join('\n', lines[start..i]);
            start = i + 1;
        }
    }

    Document? Parse(string file, string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root) return null;
            var unknown = new List<string>();
            return new Document(file, YamlMap.Root(root, unknown), unknown);
        }
        catch (YamlException error)
        {
            _warnings.Add(new ResourceFault(file, "", "",
                $"skipped, not YAML: line {error.Start.Line}: {error.Message}"));
            return null;
        }
    }

    List<T> Of<T>(IEnumerable<Document> documents, string kind, Func<YamlMap, string, T> decode)
    {
        var found = new List<T>();
        foreach (var document in documents.Where(
            d => d.Root.Text("kind") == kind && d.Root.Text("apiVersion") == ApiVersion))
        {
            var name = document.Root.Map("metadata")?.Text("name") ?? "";
            try
            {
                if (name.Length == 0 || name is "." or ".." || name.AsSpan().IndexOfAny('/', '%') >= 0)
                    throw new YamlFieldException("metadata.name", $"'{name}' is not a name for a {kind}");
                found.Add(decode(document.Root, document.File));
                NoteUnknown(document, $"{kind} {name}");
            }
            catch (YamlFieldException error)
            {
                var fault = new ResourceFault(document.File, $"{kind} {name}", error.Field, error.Reason);
                if (error.IsUnsupported && InScope(document.Root.Texts("scopes")))
                    throw new ResourceException(fault, error);
                _warnings.Add(fault with { Reason = $"skipped: {error.Reason}" });
            }
        }

        return found;
    }

    void NoteUnknown(Document document, string resource) => _warnings.AddRange(document.Unknown.Select(
        field => new ResourceFault(document.File, resource, field, "ignored: this sidecar has no such field")));

    // daprd is silent about documents that are not for it; here a misspelt kind or version gets a warning.
    void NoteForeign(Document document)
    {
        var (kind, version) = (document.Root.Text("kind"), document.Root.Text("apiVersion"));
        if (kind == "Subscription" && InScope(document.Root.Texts("scopes")))
            throw new ResourceException(new ResourceFault(document.File,
                $"Subscription {document.Root.Map("metadata")?.Text("name")}", "kind",
                "is not supported by this sidecar: an app says itself what it subscribes to"));
        if (Kinds.Contains(kind) && version == ApiVersion) return;
        var (field, value) = Kinds.Contains(kind) ? ("apiVersion", version) : ("kind", kind);
        _warnings.Add(new ResourceFault(document.File, $"{kind} {document.Root.Map("metadata")?.Text("name")}".Trim(),
            field, $"ignored, '{value}' is not known"));
    }

    // The scope of a resource is looked at after its name was compared: an app fails at a second resource of a name
    // even where that one is out of its scope, unless the first is.
    List<Component> Unique(List<Component> found)
    {
        var kept = new List<Component>();
        foreach (var component in found)
        {
            if (kept.Find(other => other.Name == component.Name) is { } other)
                throw new ResourceException(new ResourceFault(
                    component.File, $"Component {component.Name}", "metadata.name",
                    $"duplicate definition of Component name {component.LogName} with existing {other.LogName}"));
            if (InScope(component.Scopes)) kept.Add(component);
        }

        return kept;
    }

    ConfigurationSpec Configuration(string file)
    {
        if (!File.Exists(file))
            throw new ResourceException(new ResourceFault(file, "Configuration", "", "no such file"));
        if (Documents(file).FirstOrDefault() is not { } document)
            throw new ResourceException(new ResourceFault(file, "Configuration", "", "is not a YAML mapping"));
        try
        {
            var configuration = Decode.Configuration(document.Root);
            NoteUnknown(document, $"Configuration {configuration.Name}");
            return configuration;
        }
        catch (YamlFieldException error)
        {
            throw new ResourceException(new ResourceFault(file, "Configuration", error.Field, error.Reason), error);
        }
    }

    bool InScope(IReadOnlyList<string> scopes) => scopes.Count == 0 || scopes.Contains(appId);

    sealed record Document(string File, YamlMap Root, List<string> Unknown);
}
