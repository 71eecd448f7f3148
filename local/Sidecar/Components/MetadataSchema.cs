namespace Ticketing.Sidecar.Components;

/// <summary>The known and the required metadata of a component type. Names are case-insensitive.</summary>
public sealed class MetadataSchema
{
    readonly HashSet<string> _known;
    readonly string[][] _required;

    /// <param name="required">Required names; alternatives are separated by a bar: <c>connectionString|url</c>.</param>
    public MetadataSchema(IEnumerable<string> known, params string[] required)
    {
        _required = [.. required.Select(need => need.Split('|'))];
        _known = new HashSet<string>(known.Concat(_required.SelectMany(need => need)),
            StringComparer.OrdinalIgnoreCase);
    }

    public MetadataSchema And(params string[] known) =>
        new(_known.Concat(known), [.. _required.Select(need => string.Join('|', need))]);

    public MetadataSchema Needs(params string[] required) =>
        new(_known, [.. _required.Select(need => string.Join('|', need)), .. required]);

    /// <summary>Entries that the type does not know, perhaps misspelt.</summary>
    public IEnumerable<ResourceFault> Unknown(Component component) => component.Metadata
        .Where(item => !_known.Contains(item.Name))
        .Select(item => Fault(component, item.Name, $"is not a field of {component.Type}"));

    /// <summary>The first thing wrong with a component's metadata, or null.</summary>
    public ResourceFault? Check(Component component)
    {
        if (Unknown(component).FirstOrDefault() is { } unknown) return unknown;
        var missing = _required.FirstOrDefault(need => !component.Metadata.Any(
            item => need.Contains(item.Name, StringComparer.OrdinalIgnoreCase)));
        return missing is null ? null : Fault(component, missing[0], "is required");
    }

    static ResourceFault Fault(Component component, string name, string reason) =>
        new(component.File, $"Component {component.LogName}", $"spec.metadata.{name}", reason);
}
